import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workshop } from '../workshop.js';

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);
const branches = Array.from({ length: 9 }, (_, index) => `if (n === ${String(index)}) return 0;`).join(' ');

/** What breaks each of our guards: the rule, a part of what it says, the file and its text. */
const violations: readonly (readonly [
  guard: string,
  rule: string,
  says: string,
  file: string,
  text: string,
])[] = [
  [
    'complexity',
    'complexity',
    'complexity',
    'libs/kernel/src/planted-complex.ts',
    `/** . */ export function f(n: number): number { ${branches} return 1; }`,
  ],
  [
    'depth',
    'max-depth',
    'deeply',
    'libs/kernel/src/planted-deep.ts',
    '/** . */ export function f(n: number): void { if (n > 0) { if (n > 1) { if (n > 2) { if (n > 3) { f(n - 1); } } } } }',
  ],
  ['length of a file', 'max-lines', '250', 'libs/kernel/src/planted-long.ts', lines(251, '// a line')],
  ['length of a spec', 'max-lines', '400', 'libs/kernel/src/planted-long.spec.ts', lines(401, '// a line')],
  [
    'length of a function',
    'max-lines-per-function',
    '60',
    'libs/kernel/src/planted-function.ts',
    `/** . */ export function f(): void {\n${lines(60, '  f();')}}\n`,
  ],
  [
    'default exports',
    'no-restricted-syntax',
    'default',
    'libs/kernel/src/planted-default.ts',
    'export default 1;',
  ],
  [
    'barrels by star',
    'no-restricted-syntax',
    'barrels',
    'libs/kernel/src/planted-star.ts',
    "export * from './money.js';",
  ],
  [
    'barrels by name',
    'no-restricted-syntax',
    'barrels',
    'libs/kernel/src/planted-barrel.ts',
    "export { Money } from './money.js';",
  ],
  [
    'barrels by file',
    'house/file-names',
    'barrels',
    'libs/kernel/src/planted/index.ts',
    '/** . */ export const one = 1;',
  ],
  [
    'names of files',
    'house/file-names',
    'kebab-case',
    'libs/kernel/src/plantedCamel.ts',
    '/** . */ export const one = 1;',
  ],
  [
    'roles of files',
    'house/file-names',
    'closed list',
    'libs/kernel/src/planted.helper.ts',
    '/** . */ export const one = 1;',
  ],
  [
    'any',
    '@typescript-eslint/no-explicit-any',
    'any',
    'libs/kernel/src/planted-any.ts',
    '/** . */ export const one: any = 1;',
  ],
  [
    'enums',
    'no-restricted-syntax',
    'enums',
    'libs/kernel/src/planted-enum.ts',
    '/** . */ export enum Colour { red }',
  ],
  [
    'collaborators',
    'no-restricted-syntax',
    'five',
    'libs/platform/src/planted-many.ts',
    '/** . */ export class Many { constructor(readonly a: 1, readonly b: 1, readonly c: 1, readonly d: 1, readonly e: 1, readonly f: 1) {} }',
  ],
  [
    'doc comments',
    'house/doc-on-exports',
    'promises',
    'libs/kernel/src/planted-doc.ts',
    'export const one = 1;',
  ],
  [
    'Number()',
    'no-restricted-syntax',
    'floats',
    'libs/domain/src/planted/number.ts',
    "/** . */ export const one = Number('1');",
  ],
  [
    'parseFloat()',
    'no-restricted-syntax',
    'floats',
    'libs/domain/src/planted/float.ts',
    "/** . */ export const one = parseFloat('1');",
  ],
  [
    'Number.parseFloat()',
    'no-restricted-syntax',
    'floats',
    'libs/domain/src/planted/parse.ts',
    "/** . */ export const one = Number.parseFloat('1');",
  ],
  [
    'unary plus',
    'no-restricted-syntax',
    'floats',
    'libs/domain/src/planted/plus.ts',
    "/** . */ export const one = +'1';",
  ],
  [
    'Date in the domain',
    'no-restricted-syntax',
    'LocalDate',
    'libs/domain/src/planted/date.ts',
    "/** . */ export const day = new Date('2025-01-01');",
  ],
  [
    'clocks in the kernel',
    'no-restricted-syntax',
    'come in',
    'libs/kernel/src/planted-clock.ts',
    '/** . */ export const now = Date.now();',
  ],
  [
    'chance in the domain',
    'no-restricted-syntax',
    'come in',
    'libs/domain/src/planted/chance.ts',
    '/** . */ export const chance = Math.random();',
  ],
  [
    'ids in the domain',
    'no-restricted-syntax',
    'come in',
    'libs/domain/src/planted/ids.ts',
    '/** . */ export const id = crypto.randomUUID();',
  ],
  [
    'a default in the domain',
    'no-restricted-syntax',
    'missing case',
    'libs/domain/src/planted/case.ts',
    "/** . */ export function f(of: 'a' | 'b'): number { switch (of) { case 'a': return 1; default: return 2; } }",
  ],
  [
    'a case left out',
    '@typescript-eslint/switch-exhaustiveness-check',
    'not matched',
    'libs/kernel/src/planted-case.ts',
    "/** . */ export function f(of: 'a' | 'b'): void { switch (of) { case 'a': f(of); } }",
  ],
  [
    'floating promises',
    '@typescript-eslint/no-floating-promises',
    'Promises',
    'libs/platform/src/planted-floating.ts',
    '/** . */ export async function f(): Promise<void> { f(); }',
  ],
  [
    'lost updates',
    'require-atomic-updates',
    'race',
    'libs/platform/src/planted-race.ts',
    'let sum = 0;\n/** . */ export async function add(more: () => Promise<number>): Promise<number> { sum += await more(); return sum; }',
  ],
  [
    'the environment',
    'no-restricted-syntax',
    'config.ts',
    'libs/platform/src/planted-env.ts',
    "/** . */ export const home = process.env['HOME'];",
  ],
  [
    'the environment by import',
    'no-restricted-syntax',
    'config.ts',
    'libs/platform/src/planted-process.ts',
    "import { env } from 'node:process';\n/** . */ export const home = env['HOME'];",
  ],
  ['the console', 'no-console', 'console', 'libs/platform/src/planted-console.ts', "console.log('x');"],
  [
    'unfinished work',
    'no-warning-comments',
    'todo',
    'libs/kernel/src/planted-todo.ts',
    '// TODO: later\n/** . */ export const one = 1;',
  ],
  [
    'needless exceptions',
    'null',
    'Unused eslint-disable',
    'libs/kernel/src/planted-disable.ts',
    '// eslint-disable-next-line no-console\n/** . */ export const one = 1;',
  ],
];

const harmless: Readonly<Record<string, string>> = {
  'libs/platform/src/planted-harmless.config.ts':
    "/** Where it lies. */ export const home = process.env['HOME'];\n",
  'libs/domain/src/planted/planted.harmless.spec.ts':
    "export const sum = Number('1') + [new Date()].length;\n",
  'libs/kernel/src/planted-harmless.ts':
    '/** What colours there are. */\nexport const colours = ["red"] as const;\n/** One of them. */\nexport type Colour = (typeof colours)[number];\n',
};

interface FileReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

describe('the house rules', () => {
  // The sources themselves are linted as a whole by `npm run lint`.
  const workshop = new Workshop(/^(apps|libs|test|docs)$/);
  const reported = new Map<string, readonly string[]>();

  beforeAll(async () => {
    const files = new Map(violations.map(([, , , file, text]) => [file, text]));
    for (const [file, text] of [...files, ...Object.entries(harmless)]) workshop.plant(file, text);
    workshop.plant('libs/kernel/src/money.ts', '/** An amount. */\nexport class Money {}\n');
    const planted = [...files.keys(), ...Object.keys(harmless)];
    const { output } = await workshop.run(
      'node_modules/eslint/bin/eslint.js',
      '--format',
      'json',
      ...planted,
    );
    for (const { filePath, messages } of JSON.parse(output) as readonly FileReport[]) {
      const said = messages.map(({ ruleId, message }) => `${String(ruleId)}: ${message}`);
      reported.set(filePath.slice(workshop.folder.length + 1), said);
    }
  });
  afterAll(() => workshop.close());

  it.each(violations)('guard %s', (_guard, rule, says, file) => {
    expect(reported.get(file)).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: .*${says}`, 's')));
  });

  it.each(Object.keys(harmless))('have nothing against %s', (file) => {
    expect(reported.get(file)).toEqual([]);
  });
});
