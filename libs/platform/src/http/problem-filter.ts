import { randomUUID } from 'node:crypto';
import {
  applyDecorators,
  Catch,
  HttpException,
  Logger,
  SetMetadata,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreBusy, WrongExpectedVersion } from '#event-store/event-store.js';
import { reasonOf } from '#event-store/handle-errors.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { mayPass } from '../transport/failures.js';
import { isPlatformCode, platformAnswers, type PlatformCode } from './platform-answers.js';
import { sendProblem, type ProblemParts } from './problem.js';
import type { RefusalAnswer, RefusalAnswers } from './refusals.js';
import { RequestFault } from './request-fault.js';

/** Metadata key of the answers that a controller or route gives for its refusals; the documentation is made from it. */
export const REFUSAL_ANSWERS = 'mangnon:refusal-answers';

/**
 * Tells refusals of this controller (or route) as its answers say; everything else as every route tells it. A code
 * without an answer is our bug and becomes a 500.
 */
export function Refuses<Code extends string>(
  answers: RefusalAnswers<Code>,
): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(REFUSAL_ANSWERS, answers), UseFilters(new ProblemFilter(answers)));
}

const logger = new Logger('Http');

/** What is told of an error. */
export interface Told {
  readonly code: string;
  readonly answer: RefusalAnswer;
  readonly parts?: ProblemParts;
}

/** When to come again after an engine was away. */
const awaySeconds = 5;

const byStatus: Readonly<Record<number, PlatformCode>> = {
  400: 'http/invalid',
  401: 'access/unauthenticated',
  403: 'access/forbidden',
  404: 'http/not-found',
  405: 'http/method-not-allowed',
  406: 'http/not-acceptable',
  409: 'http/conflict',
  413: 'http/too-large',
  414: 'http/too-large',
  415: 'http/unsupported-media-type',
  429: 'http/too-many-requests',
  503: 'http/busy',
};

/** Tells every error as problem+json (RFC 9457); what nobody foresaw is logged under an id and told by that id only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly answers: RefusalAnswers<string> = {}) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { code, answer, parts } = toldOf(error, request, this.answers);
    sendProblem(request, http.getResponse<FastifyReply>(), code, answer, parts);
  }
}

/** What to tell of an error; logs what nobody foresaw, and then tells only the id under which the log has it. */
export function toldOf(error: unknown, request: FastifyRequest, answers: RefusalAnswers<string>): Told {
  return refused(error, answers) ?? faulted(error) ?? passing(error, request) ?? unforeseen(error, request);
}

function refused(error: unknown, answers: RefusalAnswers<string>): Told | undefined {
  if (!isDomainRefusal(error)) return undefined;
  const { code, details } = error;
  const answer = answers[code] ?? (isPlatformCode(code) ? platformAnswers[code] : undefined);
  return answer && { code, answer, parts: { details } };
}

function unforeseen(error: unknown, request: FastifyRequest): Told {
  const instance = `urn:uuid:${randomUUID()}`;
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.error(`${instance} ${routeOf(request)}: ${cause}`);
  return platform('http/internal', { instance });
}

/** Errors that are neither refusals nor bugs: wrong form, unknown address, a store that takes no more, somebody quicker. */
function faulted(error: unknown): Told | undefined {
  if (error instanceof RequestFault) return platform(error.code, error.parts);
  if (error instanceof WrongExpectedVersion) return platform('http/conflict');
  if (error instanceof StoreBusy) return busy(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  if (!(error instanceof HttpException)) return undefined;
  const code = byStatus[error.getStatus()];
  return code && platform(code);
}

/** An engine that is away is nobody's bug: the caller comes again, with the same key, and nothing is doubled. */
function passing(error: unknown, request: FastifyRequest): Told | undefined {
  if (!mayPass(error)) return undefined;
  logger.warn(`${routeOf(request)}: an engine does not answer, ${reasonOf(error)}`);
  return busy(awaySeconds);
}

function busy(retryAfterSeconds: number): Told {
  return platform('http/busy', { headers: { 'Retry-After': String(retryAfterSeconds) } });
}

function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? 'unknown route'}`;
}

function platform(code: PlatformCode, parts: ProblemParts = {}): Told {
  return { code, answer: platformAnswers[code], parts };
}
