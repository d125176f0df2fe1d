import { basename } from 'node:path';
import ts from 'typescript';
import { documentationOf } from '../openapi/names.mjs';
import { openApplication } from './application.mjs';
import { filesBelow, openProgram, table } from './files.mjs';

/** Streams whose name is not that of their file. */
const streamNames = { 'founding-key': 'founding', 'campaign-key': 'appeal' };
const heads = ['event', 'what it says', 'data'];

/** Every event of our streams with what it means, from the types in `*.events.ts`, and the messages on each topic. */
export async function eventsPage() {
  const { services } = await openApplication();
  const program = openProgram();
  const streams = [...streamsOf(program)].sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = streams.flatMap(([stream, rows]) => {
    const prefix = `${stream}-`;
    const owner = services.find((service) => service.streams.some((start) => prefix.startsWith(start)));
    return [`## \`${prefix}…\` (${owner.name})`, '', ...table(heads, rows)];
  });
  const inbox = eventsIn(program, 'libs/kernel/src/inbox.ts').map(rowOf);
  return [
    '# Events and messages',
    '',
    'Made from the code by `npm run reference`; do not edit. Events stand in streams for ever and are read by their owner',
    'alone; messages are what other services see of them, on topics.',
    '',
    ...sections,
    '## In any stream that takes messages',
    '',
    ...table(heads, inbox),
    ...(await topicSections()),
  ].join('\n');
}

/**
 * Rows by stream. A union `…Event` holds all events of its stream, wherever they are declared; one that another union names
 * is a part of that. An event of none has a stream of its own.
 */
function streamsOf(program) {
  const files = filesBelow('libs/domain/src', '.events.ts').map((file) => [file, eventsIn(program, file)]);
  const byType = new Map(files.flatMap(([, events]) => events.map((event) => [event.key, event])));
  const unions = new Map(files.flatMap(([file]) => unionIn(program, file) ?? []));
  const parts = new Set([...unions.values()].flatMap(({ members }) => members));
  const flat = (key) => unions.get(key)?.members.flatMap(flat) ?? [key];
  const streams = new Map();
  for (const [key, { file }] of unions)
    if (!parts.has(key))
      streams.set(
        nameOf(file),
        flat(key).map((member) => rowOf(take(byType, member))),
      );
  for (const [file, events] of files) {
    const alone = events.filter(({ key }) => byType.has(key));
    if (alone.length > 0) streams.set(nameOf(file), alone.map(rowOf));
  }
  return streams;
}

function take(byType, key) {
  const event = byType.get(key);
  byType.delete(key);
  return event;
}

function nameOf(file) {
  const name = basename(file, '.events.ts');
  return streamNames[name] ?? name;
}

/** The exported aliases of a file that are one event each. */
function eventsIn(program, file) {
  const checker = program.getTypeChecker();
  return program.getSourceFile(file).statements.flatMap((statement) => {
    if (!ts.isTypeAliasDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) return [];
    const symbol = checker.getSymbolAtLocation(statement.name);
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const name = type.isUnion() ? undefined : memberOf(type, 'type', checker);
    const data = memberOf(type, 'data', checker);
    if (!name?.isStringLiteral() || !data) return [];
    return [
      { key: symbol, name: name.value, says: documentationOf(symbol, checker), data: dataOf(data, checker) },
    ];
  });
}

/** The file's union `…Event` with what it names, as the one entry of a map; undefined where it has none. */
function unionIn(program, file) {
  const checker = program.getTypeChecker();
  const union = program
    .getSourceFile(file)
    .statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text.endsWith('Event'));
  if (!union) return undefined;
  const nodes = ts.isUnionTypeNode(union.type) ? union.type.types : [union.type];
  const members = nodes.map(({ typeName }) => {
    const symbol = checker.getSymbolAtLocation(typeName);
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  });
  return [[checker.getSymbolAtLocation(union.name), { file, members }]];
}

function memberOf(type, name, checker) {
  const member = type.getProperty(name);
  return member && checker.getTypeOfSymbol(member);
}

function dataOf(type, checker) {
  const text = (member) =>
    checker
      .typeToString(checker.getTypeOfSymbol(member), undefined, ts.TypeFormatFlags.NoTruncation)
      .replaceAll('readonly ', '')
      .replace(/ \| undefined$/, '');
  return checker
    .getPropertiesOfType(type)
    .map((member) => `${member.name}${member.flags & ts.SymbolFlags.Optional ? '?' : ''}: ${text(member)}`)
    .join('; ');
}

function rowOf({ name, says, data }) {
  return [`\`${name}\``, says, data === '' ? '' : `\`${data}\``];
}

async function topicSections() {
  const lines = [];
  for (const file of filesBelow('dist/libs/contracts/src', '.v1.js')) {
    const contracts = Object.entries(await import(new URL(`../../${file}`, import.meta.url)));
    const [, topic] = contracts.find(([name]) => name.endsWith('Topic')) ?? [];
    const [, types] = contracts.find(([name]) => name.endsWith('Contracts')) ?? [];
    if (!topic || !types) continue;
    const rows = Object.entries(types).map(([type, { shape }]) => [
      `\`${type}\``,
      Object.entries(shape)
        .map(([name, of]) => `\`${name}${of.isOptional() ? '?' : ''}\``)
        .join(', '),
    ]);
    lines.push(`## Topic \`${topic}\``, '', ...table(['message', 'members'], rows));
  }
  return lines;
}
