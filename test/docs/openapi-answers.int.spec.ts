import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workshop, type Said } from '../workshop.js';

describe('what controllers answer', () => {
  const workshop = new Workshop(/^(apps|libs|test|docs|bin)$/);
  afterAll(() => workshop.close());

  const plant = (types: string, ...answers: readonly string[]): void => {
    const routes = answers.map(
      (answer, at) => `
        /** The trees. */
        @Get('${String(at)}')
        list${String(at)}(): ${answer} { throw new Error('planted'); }`,
    );
    workshop.plant(
      'apps/orchard/src/in/trees.controller.ts',
      `import { Controller, Get } from '@nestjs/common';\n${types}\n
      @Controller()
      export class TreesController {${routes.join('\n')}
      }\n`,
    );
  };
  const run = (): Promise<Said> => workshop.run('scripts/openapi-answers.mjs', 'answers.json');
  const answers = (): unknown => JSON.parse(readFileSync(join(workshop.folder, 'answers.json'), 'utf8'));

  it('becomes JSON Schema, with what is named once told once', async () => {
    plant(
      `/** A tree that {@link Orchard} keeps. */
      export interface Tree {
        readonly kind: 'apple' | 'pear';
        /** In metres. */
        readonly height?: number;
        readonly planted: string | null;
        readonly branches: readonly Tree[];
        readonly marks: Readonly<Record<string, boolean>>;
        readonly actor: \`staff:\${string}\`;
        readonly place: readonly [number, number];
      }
      export interface List<T> { readonly items: readonly T[]; readonly first: T | null }`,
      'Promise<List<Tree>>',
    );
    expect(await run()).toEqual({ code: 0, output: '' });
    const tree = { $ref: '#/components/schemas/Tree' };
    expect(answers()).toEqual({
      answers: {
        'TreesController.list0': {
          summary: 'The trees.',
          media: 'application/json',
          schema: { $ref: '#/components/schemas/ListOfTree' },
        },
      },
      schemas: {
        ListOfTree: {
          type: 'object',
          properties: {
            items: { type: 'array', items: tree },
            first: { anyOf: [tree, { type: 'null' }] },
          },
          required: ['items', 'first'],
        },
        Tree: {
          description: 'A tree that `Orchard` keeps.',
          type: 'object',
          properties: {
            kind: { type: 'string', enum: ['apple', 'pear'] },
            height: { type: 'number', description: 'In metres.' },
            planted: { type: ['string', 'null'] },
            branches: { type: 'array', items: tree },
            marks: { type: 'object', additionalProperties: { type: 'boolean' } },
            actor: { type: 'string', pattern: '^staff:.*$' },
            place: {
              type: 'array',
              prefixItems: [{ type: 'number' }, { type: 'number' }],
              items: false,
              minItems: 2,
            },
          },
          required: ['kind', 'planted', 'branches', 'marks', 'actor', 'place'],
        },
      },
    });
  });

  it('of another shape under the same name is told by the name of its owner too', async () => {
    workshop.plant('libs/garden/src/tree.ts', 'export interface Tree { readonly age: number }\n');
    plant(
      `import type { Tree as Old } from '../../../../libs/garden/src/tree.js';
      export interface Tree { readonly kind: string; readonly old: Old }`,
      'Tree',
    );
    expect(await run()).toEqual({ code: 0, output: '' });
    expect(answers()).toMatchObject({
      schemas: {
        Tree: { properties: { old: { $ref: '#/components/schemas/GardenTree' } } },
        GardenTree: { properties: { age: { type: 'number' } } },
      },
    });
  });

  it('cannot be what JSON does not carry: the build says where', async () => {
    const types = ['bigint', 'Date', 'any', 'object', '() => void', 'Map<string, string>'];
    plant(
      'export interface Tree<T> { readonly rings: T }',
      ...types.map((type) => `Promise<readonly Tree<${type}>[]>`),
    );
    const { code, output } = await run();
    const told = types.map(
      (type, at) => `TreesController.list${String(at)}[].rings: JSON cannot carry ${type}`,
    );
    expect([code, output.split('\n').slice(0, -1)]).toEqual([1, told]);
  });
});
