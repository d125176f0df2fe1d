import type { OperationObject, ResponseObject } from '@nestjs/swagger';
import type { RouteAccess } from '../http/allow.js';
import { guessingPaths } from '../http/guessing-paths.js';
import { platformAnswers, type PlatformCode } from '../http/platform-answers.js';
import type { RefusalAnswers } from '../http/refusals.js';

/** What is told of an error, as problem+json (RFC 9457). */
export const problem = {
  type: 'object',
  description: 'Why something was not done (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: '`/problems/<code>`' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'one sentence, in the language of Accept-Language (vi, en)' },
    code: { type: 'string', description: 'stable; see the catalogue of refusal codes' },
    details: { type: 'object', additionalProperties: true },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'reason'],
        properties: { field: { type: 'string' }, reason: { type: 'string' } },
      },
    },
    instance: { type: 'string', description: 'the id under which the log has an internal error' },
  },
} as const;

/** A route as far as its errors go. */
export interface FaultyRoute {
  /** In capitals. */
  readonly method: string;
  /** Such as `/v1/staff/:id`. */
  readonly path: string;
  readonly access: RouteAccess | undefined;
  /** What its controller or itself says of refusals. */
  readonly refusals: RefusalAnswers<string>;
}

/** Adds an answer for every status that the route may refuse with, each with its codes. */
export function describeFaults(operation: OperationObject, route: FaultyRoute): void {
  const answers = { ...answersOf(platformCodes(operation, route)), ...route.refusals };
  const codes = new Map<number, string[]>();
  for (const [code, { status }] of Object.entries(answers))
    codes.set(status, [...(codes.get(status) ?? []), code]);
  for (const [status, found] of [...codes].sort(([a], [b]) => a - b))
    operation.responses[String(status)] ??= refusal(found.sort(), answers);
}

function refusal(codes: readonly string[], answers: RefusalAnswers<string>): ResponseObject {
  const told = codes.map((code) => `- \`${code}\`: ${answers[code]?.en ?? ''}`);
  const properties = { code: { type: 'string', enum: [...codes] } };
  const schema = { $ref: '#/components/schemas/Problem', type: 'object', properties };
  return { description: told.join('\n'), content: { 'application/problem+json': { schema } } };
}

function answersOf(codes: readonly PlatformCode[]): RefusalAnswers<string> {
  return Object.fromEntries(codes.map((code) => [code, platformAnswers[code]]));
}

/** What any route of this form may answer, whatever it does. */
function platformCodes(operation: OperationObject, route: FaultyRoute): readonly PlatformCode[] {
  const { method, path, access } = route;
  const parameters = operation.parameters ?? [];
  const takes = (name: string): boolean => parameters.some((one) => 'name' in one && one.name === name);
  const body = operation.requestBody !== undefined;
  return [
    ...accessCodes(access, method),
    ...when(body || parameters.length > 0, 'http/invalid'),
    ...when(body, 'http/malformed-body', 'http/too-large', 'http/unsupported-media-type'),
    ...when(takes('Idempotency-Key'), ...keyCodes),
    ...when(method !== 'GET', 'http/conflict'),
    'http/busy',
    ...when(takes('format'), 'http/register-too-long'),
    ...when(method === 'POST' && guessingPaths.has(path), 'http/too-many-requests'),
    'http/internal',
  ];
}

const when = (holds: boolean, ...codes: readonly PlatformCode[]): readonly PlatformCode[] =>
  holds ? codes : [];

const keyCodes = [
  'http/idempotency-key-missing',
  'http/idempotency-key-malformed',
  'idempotency/body-differs',
] as const;

function accessCodes(access: RouteAccess | undefined, method: string): readonly PlatformCode[] {
  if (access?.kind === 'public') return [];
  return [
    'access/unauthenticated',
    'access/second-factor-required',
    ...when(access?.kind === 'roles', 'access/forbidden'),
    ...when(method !== 'GET', 'access/cross-site'),
  ];
}
