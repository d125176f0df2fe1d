// Writes dist/openapi-answers.json: what each method of a controller answers, as JSON Schema, from its return type. The
// gateway puts it into /openapi.json. Part of the build; fails on an answer that JSON cannot carry.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { documentationOf } from './openapi/names.mjs';
import { Schemas } from './openapi/schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Reads the controllers; throws what says which answers cannot be described. */
export function readAnswers() {
  const settings = ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile).config;
  const { fileNames, options } = ts.parseJsonConfigFileContent(settings, ts.sys, root);
  const controllers = fileNames.filter((name) => name.endsWith('.controller.ts'));
  const program = ts.createProgram(controllers, { ...options, noEmit: true, incremental: false });
  const checker = program.getTypeChecker();
  const schemas = new Schemas(checker);
  const answers = {};
  const faults = [];
  for (const route of controllers.flatMap((name) => routesOf(program.getSourceFile(name), checker))) {
    try {
      answers[route.name] = answerOf(route, checker, schemas);
    } catch (error) {
      faults.push(error.message);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { answers, schemas: schemas.components };
}

/** The methods of a file's controllers that have a route, inherited ones too. */
function routesOf(source, checker) {
  return source.statements
    .filter((statement) => ts.isClassDeclaration(statement) && decoratorOf(statement, /Controller$/))
    .flatMap((declared) =>
      checker
        .getTypeAtLocation(declared)
        .getProperties()
        .flatMap(({ valueDeclaration }) => valueDeclaration ?? [])
        .filter((member) => ts.isMethodDeclaration(member) && decoratorOf(member, httpMethods))
        .map((method) => ({ name: `${declared.name.text}.${method.name.text}`, method })),
    );
}

const httpMethods = /^(Get|Post|Put|Patch|Delete)$/;

function decoratorOf(declared, name) {
  return (ts.getDecorators(declared) ?? [])
    .map(({ expression }) => expression)
    .find((call) => ts.isCallExpression(call) && name.test(call.expression.getText()));
}

function answerOf({ name, method }, checker, schemas) {
  const returned = checker.getReturnTypeOfSignature(checker.getSignatureFromDeclaration(method));
  const type = checker.getAwaitedType(returned) ?? returned;
  const summary = documentationOf(checker.getSymbolAtLocation(method.name), checker);
  return { ...(summary && { summary }), ...bodyOf(type, method, name, schemas) };
}

function bodyOf(type, method, name, schemas) {
  if (type.flags & ts.TypeFlags.Void) return {};
  if (type.symbol?.name === 'StreamableFile') return { media: producedBy(method), schema: true };
  const told = withoutFiles(type);
  const media = told.flags & ts.TypeFlags.String ? 'text/plain' : 'application/json';
  return { media, schema: schemas.of(told, name) };
}

/** What a route answers that also gives files, which it documents itself. */
function withoutFiles(type) {
  if (!type.isUnion()) return type;
  const told = type.types.filter(({ symbol }) => symbol?.name !== 'StreamableFile');
  return told.length === 1 ? told[0] : type;
}

/** Bytes: of any type unless the route says which. */
function producedBy(method) {
  const [type] = decoratorOf(method, /^ApiProduces$/)?.arguments ?? [];
  return type && ts.isStringLiteral(type) ? type.text : 'application/octet-stream';
}

/** Writes the file and tells whether it could; what is wrong is printed. */
export function writeAnswers(path = join(root, 'dist/openapi-answers.json')) {
  try {
    const text = `${JSON.stringify(readAnswers(), null, 1)}\n`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!writeAnswers(process.argv[2])) process.exitCode = 1;
}
