import { RequestFault } from '#platform/http/request-fault.js';
import { contextHeader } from '#platform/http/signed-context.js';
import { traceHeaders } from '#platform/tracing/spans.js';
import type { Upstream, Upstreams } from './upstreams.js';

/** What is asked of services on behalf of whoever asks the gateway. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** The signed context of who asks, for one service. */
  readonly contextFor: (service: string) => Promise<string>;
  /** Language that refusals are told in, as the client's Accept-Language has it. */
  readonly language: string | undefined;
}

/** What a service answered. */
export interface Answered {
  readonly service: string;
  readonly status: number;
  readonly body: unknown;
}

const answerWithinMs = 15_000;

/** Asks one service; throws `http/busy` where it does not answer. */
export async function askService({ name, url }: Upstream, question: Question): Promise<Answered> {
  const { method, path, body, contextFor, language } = question;
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        [contextHeader]: await contextFor(name),
        ...traceHeaders(),
        ...(language !== undefined && { 'Accept-Language': language }),
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return { service: name, status: response.status, body: await response.json() };
  } catch (cause) {
    const fault = new RequestFault('http/busy', {
      headers: { 'Retry-After': '5' },
      details: { service: name },
    });
    fault.cause = cause;
    throw fault;
  }
}

/** Asks every service at once; those that do not answer, or not what was asked, are left out and named. */
export async function askAll(
  upstreams: Upstreams,
  question: Question,
): Promise<{ readonly answers: readonly Answered[]; readonly silent: readonly string[] }> {
  const asked = await Promise.allSettled(upstreams.all.map((upstream) => askService(upstream, question)));
  const answers = asked.flatMap((one) =>
    one.status === 'fulfilled' && isAnswer(one.value, question) ? [one.value] : [],
  );
  const answered = new Set(answers.map(({ service }) => service));
  return {
    answers,
    silent: upstreams.all.map(({ name }) => name).filter((name) => !answered.has(name)),
  };
}

/** What is read must be there; what is sent may be refused. */
function isAnswer({ status }: Answered, { method }: Question): boolean {
  return method === 'GET' ? status === 200 : status < 500;
}
