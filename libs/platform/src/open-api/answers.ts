import { readFile } from 'node:fs/promises';
import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** What one route answers when it does what it is asked. */
export interface ApiAnswer {
  /** What the method's doc comment says. */
  readonly summary?: string;
  /** Absent where there is no body. */
  readonly media?: string;
  /** JSON Schema 2020-12; `true` for bytes. */
  readonly schema?: Schemas[string] | true;
}

/** What every route answers, by `Controller.method`, and the schemas that they share. */
export interface ApiAnswers {
  readonly answers: Readonly<Record<string, ApiAnswer>>;
  readonly schemas: Schemas;
}

/** What the build found out about answers; undefined where nothing was built, as when it runs from sources. */
export async function findApiAnswers(): Promise<ApiAnswers | undefined> {
  try {
    const place = new URL('../../../../openapi-answers.json', import.meta.url);
    return JSON.parse(await readFile(place, 'utf8')) as ApiAnswers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What an answer says that the build knows nothing of. */
export const notDescribed = 'Not described: build first (npm run build).';

/** Describes the one answer that tells success, whose status the route has said already. */
export function describeSuccess(operation: OperationObject, answer: ApiAnswer | undefined): void {
  const status = Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? '200';
  const told = operation.responses[status];
  const files = told && 'content' in told ? told.content : undefined;
  operation.responses[status] = withFiles(successOf(answer), files);
  if (!answer?.summary) return;
  const { summary, rest } = split(answer.summary);
  if (operation.summary === undefined) {
    operation.summary = summary;
    if (rest !== '') operation.description = [rest, operation.description].filter(Boolean).join('\n\n');
  }
}

function successOf(answer: ApiAnswer | undefined): ResponseObject {
  if (answer === undefined) return { description: notDescribed };
  const { media, schema } = answer;
  if (media === undefined || schema === undefined) return { description: 'Done; there is nothing to tell.' };
  return { description: 'Done.', content: { [media]: schema === true ? {} : { schema } } };
}

/** The files that a route says it answers with, beside what the build found out. */
function withFiles(answer: ResponseObject, files: ResponseObject['content']): ResponseObject {
  return files && answer.content ? { ...answer, content: { ...answer.content, ...files } } : answer;
}

/** The first sentence without its full stop, and what comes after it. */
function split(text: string): { readonly summary: string; readonly rest: string } {
  const end = /\.(?=\s|$)/.exec(text)?.index ?? text.length;
  return { summary: text.slice(0, end), rest: text.slice(end + 1).trim() };
}
