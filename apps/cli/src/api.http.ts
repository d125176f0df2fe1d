import { z } from 'zod';
import { CliFault } from './fault.js';
import type { Language } from './language.js';
import { serverStatus, type ServerStatus } from './status.http.js';

const opened = z.object({ secret: z.string(), secondFactor: z.string() });
const issued = z.object({ tokenId: z.string(), secret: z.string().nullable(), expiresAt: z.string() });
const sessions = z.object({ items: z.array(z.object({ sessionId: z.string(), current: z.boolean() })) });
const fund = z.object({ fundId: z.string(), code: z.string() });
const parked = z.object({
  items: z.array(
    z.object({
      stream: z.string(),
      topic: z.string(),
      type: z.string(),
      subject: z.string(),
      reason: z.string(),
      source_position: z.string(),
      parked_at: z.string(),
    }),
  ),
});
const held = z.object({
  items: z.array(
    z.object({
      group: z.string(),
      topic: z.string(),
      key: z.string(),
      reason: z.string(),
      heldAt: z.string(),
      messages: z.number(),
    }),
  ),
});
const released = z.object({ released: z.number() });
const replayed = z.object({
  replayed: z.number(),
  /** The first of each subject that fails still, and why. */
  failed: z.array(z.object({ type: z.string(), subject: z.string(), reason: z.string() })),
  waiting: z.number(),
});
const problem = z.object({
  code: z.string(),
  detail: z.string(),
  fields: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** A session as signing in opens it. */
export type OpenedSession = z.infer<typeof opened>;
/** A message that waits. */
export type ParkedMessage = z.infer<typeof parked>['items'][number];
/** A key whose messages wait because its stream could not be used. */
export type HeldKey = z.infer<typeof held>['items'][number];

/** How to reach a server. */
export interface ApiOptions {
  /** Such as `http://127.0.0.1:3000`. */
  readonly server: string;
  /** Secret of a session or token; none before signing in. */
  readonly secret?: string;
  readonly language: Language;
}

/** One call of a route. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** A file as the body instead. */
  readonly file?: Uint8Array;
  /** A repeat under the same key gets the first answer. */
  readonly idempotencyKey?: string;
}

/** How long a call may take, in milliseconds. */
const timeoutMs = 60_000;

/**
 * The routes that the command line uses. Every call throws {@link CliFault}: `unreachable` when nobody answers or what
 * answers is not Măng Non, `refused` with the server's own sentence.
 */
export class Api {
  constructor(private readonly options: ApiOptions) {}

  /** The same server, asked with a secret. */
  as(secret: string): Api {
    return new Api({ ...this.options, secret });
  }

  /** Opens a session; with the code where a second factor is set up. */
  signIn(login: string, password: string, code?: string): Promise<OpenedSession> {
    const body = { login, password, ...(code === undefined ? {} : { code }) };
    return this.call({ method: 'POST', path: '/v1/sessions', body }, opened);
  }

  /** Ends the session that asks. */
  async endSession(): Promise<void> {
    const { items } = await this.call({ method: 'GET', path: '/v1/sessions' }, sessions);
    const current = items.find((session) => session.current);
    if (current) await this.call({ method: 'DELETE', path: `/v1/sessions/${current.sessionId}` }, nothing);
  }

  /** Issues a token for the person whose session asks. */
  issueToken(
    body: { readonly label: string; readonly expiresAt: string },
    idempotencyKey: string,
  ): Promise<z.infer<typeof issued>> {
    return this.call({ method: 'POST', path: '/v1/tokens', body, idempotencyKey }, issued);
  }

  /** Ends a token at once. */
  async revokeToken(tokenId: string, idempotencyKey: string): Promise<void> {
    await this.call({ method: 'POST', path: `/v1/tokens/${tokenId}/revocation`, idempotencyKey }, nothing);
  }

  /** Opens a fund. */
  openFund(body: object, idempotencyKey: string): Promise<z.infer<typeof fund>> {
    return this.call({ method: 'POST', path: '/v1/funds', body, idempotencyKey }, fund);
  }

  /** Messages that wait because their handling failed. */
  async parked(): Promise<readonly ParkedMessage[]> {
    return (await this.call({ method: 'GET', path: '/v1/admin/parked' }, parked)).items;
  }

  /** Takes parked messages of a stream up again; tells what went through and what fails still. */
  replayParked(stream: string, subject?: string): Promise<z.infer<typeof replayed>> {
    const body = { stream, ...(subject === undefined ? {} : { subject }) };
    return this.call({ method: 'POST', path: '/v1/admin/parked/replays', body }, replayed);
  }

  /** Keys whose messages wait because their stream could not be used. */
  async held(): Promise<readonly HeldKey[]> {
    return (await this.call({ method: 'GET', path: '/v1/admin/held' }, held)).items;
  }

  /** Feeds the held messages of a key back; tells how many. */
  async release(group: string, key: string): Promise<number> {
    const body = { group, key };
    return (await this.call({ method: 'POST', path: '/v1/admin/held/releases', body }, released)).released;
  }

  /** Begins to rebuild a read model. */
  async rebuild(name: string): Promise<void> {
    await this.call({ method: 'POST', path: `/v1/admin/rebuilds/${encodeURIComponent(name)}` }, nothing);
  }

  /** Where the store and the read models stand. */
  status(): Promise<ServerStatus> {
    return this.call({ method: 'GET', path: '/v1/admin/status' }, serverStatus);
  }

  /** Calls a route and reads its answer as `shape`. */
  async call<Answer>(call: Call, shape: z.ZodType<Answer>): Promise<Answer> {
    const response = await this.#send(call);
    const text = await response.text();
    const body = jsonOf(text);
    if (!response.ok) throw this.#refusal(response.status, body);
    const parsed = shape.safeParse(body);
    if (parsed.success) return parsed.data;
    throw unexpected(this.options.server, `${call.method} ${call.path}`);
  }

  async #send({ method, path, body, file, idempotencyKey }: Call): Promise<Response> {
    const { server, secret, language } = this.options;
    const headers = {
      accept: 'application/json, application/problem+json',
      'accept-language': language,
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(file && { 'content-type': 'application/octet-stream' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const sent = file ? { body: new Uint8Array(file) } : json;
    try {
      return await fetch(new URL(path, server), {
        method,
        headers,
        ...sent,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new CliFault(
        'unreachable',
        {
          vi: `${server} không trả lời: máy chủ có đang chạy không?`,
          en: `${server} does not answer: is the server running?`,
        },
        { cause },
      );
    }
  }

  #refusal(httpStatus: number, body: unknown): CliFault {
    const told = problem.safeParse(body);
    if (!told.success) return unexpected(this.options.server, String(httpStatus));
    const { detail, code, fields, details } = told.data;
    const faulty = (fields ?? []).map(({ field, reason }) => `\n  ${field} ${reason}`);
    const figures = Object.entries(details ?? {}).map(
      ([name, value]) => `\n  ${name}: ${JSON.stringify(value)}`,
    );
    const sentence = [`${detail} (${code})`, ...faulty, ...figures].join('');
    return new CliFault('refused', { vi: sentence, en: sentence });
  }
}

const nothing = z.unknown();

function unexpected(server: string, what: string): CliFault {
  return new CliFault('unreachable', {
    vi: `${server} trả lời không như Măng Non (${what}).`,
    en: `${server} does not answer as Măng Non does (${what}).`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
