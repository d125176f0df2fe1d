import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { filesBelow, table } from './files.mjs';

const shape = /^[A-Z][A-Z0-9_]+$/;

/**
 * Every variable of the environment, from the doc comments in the `config.ts` files (`@default`, `@example`). Throws when
 * one is read there and described nowhere.
 */
export function settingsPage() {
  const files = [
    ...filesBelow('apps', 'config.ts').map((file) => readConfig(file, file.split('/')[1])),
    readConfig('libs/platform/src/apart/config.ts', 'a service that runs by itself'),
    readConfig('libs/platform/src/apart/event-store.config.ts', 'where events are kept'),
    readConfig('libs/messaging/src/kafka/kafka.config.ts', 'Kafka'),
    readConfig('libs/platform/src/tracing/config.ts', 'traces, of any process'),
  ];
  const described = new Set(files.flatMap(({ variables }) => variables.map(({ name }) => name)));
  const bare = files.flatMap(({ used }) => used).filter((name) => !described.has(name));
  if (bare.length > 0)
    throw new Error(`read, but described in no config.ts: ${[...new Set(bare)].join(', ')}`);
  const sections = files
    .filter(({ variables }) => variables.length > 0)
    .flatMap(({ title, variables }) => [
      `## ${title}`,
      '',
      ...table(
        ['variable', 'what it is', 'default', 'example'],
        variables.map(({ name, says, usual, example }) => [`\`${name}\``, says, usual, example]),
      ),
    ]);
  return [
    '# Settings',
    '',
    'Made from the code by `npm run reference`; do not edit. All settings are variables of the environment; an empty one counts',
    'as absent. Everything is read once at the start: what is wrong is told in full, and nothing starts.',
    '',
    ...sections,
  ].join('\n');
}

function readConfig(file, title) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const variables = [];
  const used = [];
  const gather = (node) => {
    const name = nameOf(node);
    const doc = isMember(node) ? docOf(node) : undefined;
    if (name && shape.test(name) && doc) variables.push({ name, ...doc });
    else if (name && shape.test(name)) used.push(name);
    ts.forEachChild(node, gather);
  };
  gather(source);
  return { title, variables, used };
}

function isMember(node) {
  return ts.isPropertyAssignment(node) || ts.isPropertySignature(node);
}

/** What a member of a schema or type, or `environment['NAME']`, is called. */
function nameOf(node) {
  if (isMember(node)) return node.name.getText();
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression))
    return node.argumentExpression.text;
  return undefined;
}

function docOf(node) {
  const [doc] = node.jsDoc ?? [];
  if (!doc) return undefined;
  const tag = (name) =>
    ts.getTextOfJSDocComment(doc.tags?.find(({ tagName }) => tagName.text === name)?.comment) ?? '';
  return {
    says: ts.getTextOfJSDocComment(doc.comment) ?? '',
    usual: tag('default'),
    example: tag('example'),
  };
}
