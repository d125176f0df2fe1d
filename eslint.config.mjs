import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import house from './eslint/house-rules.mjs';

const globals = [
  'process',
  'console',
  'module',
  'URL',
  'Buffer',
  'performance',
  'setTimeout',
  'clearTimeout',
  'AbortController',
  'fetch',
];

const forbidden = (selector, message) => ({ selector, message });

const everywhere = [
  forbidden('ExportDefaultDeclaration', 'No default exports.'),
  forbidden('ExportAllDeclaration', 'No barrels: import from the file that has it.'),
  forbidden('ExportNamedDeclaration[source]', 'No barrels: import from the file that has it.'),
  forbidden('TSEnumDeclaration', 'No enums: a union of strings, or a const array and its type.'),
  forbidden(
    'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    'A class has at most five collaborators.',
  ),
];
const environment = [
  forbidden(
    'MemberExpression[object.name="process"][property.name="env"], ' +
      'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"], ' +
      'ImportDeclaration[source.value=/^(node:)?process$/]',
    'The environment is read in config.ts alone.',
  ),
];
const clocksAndRandomness = [
  forbidden(
    'MemberExpression[object.name="Math"][property.name="random"], MemberExpression[object.name="Date"][property.name="now"], ' +
      'NewExpression[callee.name="Date"][arguments.length=0], Identifier[name=/^(crypto|performance|setTimeout|setInterval)$/]',
    'Time, ids and chance come in with the command.',
  ),
];
const domain = [
  forbidden('SwitchCase[test=null]', 'No default: the compiler names the missing case.'),
  forbidden('Identifier[name="Date"]', 'The domain has LocalDate; instants come in with the command.'),
  forbidden(
    'CallExpression[callee.name=/^(Number|parseFloat|parseInt)$/], ' +
      'CallExpression[callee.object.name="Number"][callee.property.name=/^parse/], ' +
      'UnaryExpression[operator="+"]',
    'Amounts and quantities are never parsed as floats: use Money.',
  ),
];

const types = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  // Text is spread into code points on purpose.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // Options of Nest and TypeORM are classes that everybody fills with literals; enums of ours there are none.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  '@typescript-eslint/no-unsafe-enum-assignment': 'off',
  '@typescript-eslint/no-unnecessary-condition': [
    'error',
    { allowConstantLoopConditions: 'only-allowed-literals' },
  ],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // An async method of a port rejects instead of throwing, whether it waits for anything or not.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: true },
  ],
};
const size = {
  // A switch over a union counts as one: the compiler sees to its cases.
  complexity: ['error', { max: 8, variant: 'modified' }],
  'max-depth': ['error', 3],
  'max-lines': ['error', 250],
  'max-lines-per-function': ['error', 60],
};
const care = {
  eqeqeq: 'error',
  'no-console': 'error',
  'no-param-reassign': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
  'require-atomic-updates': 'error',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '**/node_modules/', '.mangnon*/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(globals.map((name) => [name, 'readonly'])) },
    rules: { ...size, eqeqeq: 'error', 'require-atomic-updates': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { house },
    rules: {
      ...types,
      ...size,
      ...care,
      'house/file-names': 'error',
      'house/doc-on-exports': 'error',
      'no-restricted-syntax': ['error', ...everywhere, ...environment],
    },
  },
  {
    files: ['libs/kernel/**/*.ts', 'libs/contracts/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...environment, ...clocksAndRandomness] },
  },
  {
    files: ['libs/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...environment, ...clocksAndRandomness, ...domain],
    },
  },
  {
    files: ['**/config.ts', '**/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere] },
  },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      'house/doc-on-exports': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
);
