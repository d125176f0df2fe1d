import { setTimeout as delay } from 'node:timers/promises';
import { refusedElsewhere } from '#kernel/refusal.js';
import type { Clock } from '../clock.js';
import { traceHeaders } from '../tracing/spans.js';
import { RequestFault } from '../http/request-fault.js';
import type { Signer } from '../keys/key-pairs.js';
import { decodeOutcome, type CallOutcome, type DoorTo } from './door.js';
import { serviceHeader, signService, whyNotTaken } from './service-token.js';

/** Where a service that runs by itself is asked, and by whom. */
export interface RemoteOptions {
  /** Such as `http://access:3000`. */
  readonly url: string;
  /** The process that asks. */
  readonly signer: Signer;
  readonly clock: Clock;
}

/** How long an answer may take, in milliseconds. */
const answerWithinMs = 5_000;
/** For so long a service that takes no connections is tried again: another instance may be coming up. */
const connectWithinMs = 2_000;
const againAfterMs = 50;

/**
 * The door of another process as if it were here. A call is refused by `DomainRefusal` as it would be there, and fails
 * with `http/busy` and Retry-After where that service does not answer; it is sent once at most.
 */
export function remoteDoor<Provider extends object>(
  door: DoorTo<Provider>,
  options: RemoteOptions,
): Provider {
  const calls = Object.keys(door.calls).map((call) => [
    call,
    (...given: readonly unknown[]) => ask(door.name, call, given, options),
  ]);
  return Object.fromEntries(calls) as Provider;
}

async function ask(
  door: string,
  call: string,
  given: readonly unknown[],
  { url, signer, clock }: RemoteOptions,
): Promise<unknown> {
  const token = await signService(signer, { door, call, given }, clock.now());
  const response = await connected(() =>
    fetch(`${url}/internal/doors/${door}/${call}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', [serviceHeader]: token, ...traceHeaders() },
      body: JSON.stringify(given),
      signal: AbortSignal.timeout(answerWithinMs),
    }),
  );
  if (response.status === 503) throw away(response);
  if (!response.ok)
    throw new Error(`${door} answers ${call} with ${String(response.status)}${await whyNotTaken(response)}`);
  const { answer, refused } = await outcomeOf(response);
  if (refused) throw refusedElsewhere(refused.code, refused.details);
  return answer;
}

async function outcomeOf(response: Response): Promise<CallOutcome> {
  try {
    return decodeOutcome(await response.text());
  } catch (cause) {
    throw away(undefined, cause);
  }
}

/** Tries again only what was surely never sent. */
async function connected(send: () => Promise<Response>): Promise<Response> {
  for (const until = performance.now() + connectWithinMs; ;) {
    try {
      return await send();
    } catch (error) {
      if (!isRefused(error) || performance.now() > until) throw away(undefined, error);
      await delay(againAfterMs);
    }
  }
}

/** Whether the other side took no connection at all. */
export function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

function away(response?: Response, cause?: unknown): RequestFault {
  const fault = new RequestFault('http/busy', {
    headers: { 'Retry-After': response?.headers.get('retry-after') ?? '5' },
  });
  fault.cause = cause;
  return fault;
}
