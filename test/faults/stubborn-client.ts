import { setTimeout as delay } from 'node:timers/promises';
import { commandIdOf, newId } from '#event-store/command-id.js';
import { canonicalJson } from '#kernel/json.js';
import type { AskedSite, Who } from './site.js';

/** A request of a person, as it is sent each time. */
export interface Asked {
  readonly by: Who;
  /** As the API names it, with `:id` for what `params` holds. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON, or a file as text. */
  readonly body?: object | string;
  readonly key: string;
}

/** A request that was acknowledged, and how. */
export interface Acknowledged {
  readonly asked: Asked;
  /** What its events name. */
  readonly commandId: string;
  readonly answer: string;
}

/** Between two tries of a request, in milliseconds. */
const pauseMs = 250;
/** How long a request is tried again before it is given up, in milliseconds. */
const patienceMs = 90_000;

/**
 * Somebody's program that sends a request under one key until it is answered: through lost connections, and through 503,
 * which says to come again. Anything else that is no success is a finding.
 */
export class StubbornClient {
  acknowledged: readonly Acknowledged[] = [];
  /** Tries that got no answer, or 503. */
  unanswered = 0;

  constructor(readonly site: AskedSite) {}

  /** What the API answers at last; throws where it refuses. */
  async ask<Answer>(asked: Asked): Promise<Answer> {
    const answer = await this.#until(asked);
    this.acknowledged = [...this.acknowledged, { asked, commandId: this.#commandIdOf(asked), answer }];
    return JSON.parse(answer) as Answer;
  }

  /** Takes no more account of these. */
  forget(lost: (one: Acknowledged) => boolean): void {
    this.acknowledged = this.acknowledged.filter((one) => !lost(one));
  }

  /** Which of the acknowledged requests are answered otherwise when they come again. */
  async otherwiseAnswered(): Promise<readonly string[]> {
    const again = await Promise.all(
      this.acknowledged.map(async ({ asked, answer }) => ({ asked, answer, now: await this.#until(asked) })),
    );
    return again
      .filter(({ answer, now }) => canonicalJson(JSON.parse(answer)) !== canonicalJson(JSON.parse(now)))
      .map(({ asked, answer, now }) => `${asked.route} ${asked.key}: ${answer}, then ${now}`);
  }

  /** The status and body for the key of an acknowledged request with another body. */
  async withAnotherBody({ asked }: Acknowledged): Promise<string> {
    const body = typeof asked.body === 'string' ? asked.body : { ...asked.body, language: 'en' };
    for (;;) {
      const response = await this.#send({ ...asked, body });
      const answer = `${String(response.status)} ${await response.text()}`;
      if (response.status !== 503) return answer;
      await delay(pauseMs);
    }
  }

  /** Reads JSON, whatever the status. */
  async get(by: Who, path: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(`${this.site.url}${path}`, { headers: this.#headers(by) });
    return { status: response.status, body: await response.json() };
  }

  /** Sends a command once; throws unless it succeeds. */
  async post(by: Who, route: string, body: object): Promise<void> {
    const response = await this.#send({ by, route, body, key: newId() });
    if (!response.ok) throw new Error(`${route}: ${String(response.status)} ${await response.text()}`);
  }

  async #until(asked: Asked): Promise<string> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const answer = await this.#answerTo(asked);
      if (answer !== undefined) return answer;
      this.unanswered += 1;
      if (performance.now() > deadline) throw new Error(`${asked.route} ${asked.key}: never answered`);
      await delay(pauseMs);
    }
  }

  /** Undefined where there is none yet; throws what is a refusal, or a bug. */
  async #answerTo(asked: Asked): Promise<string | undefined> {
    const response = await this.#send(asked).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (!response || text === undefined || response.status === 503) return undefined;
    if (response.ok) return text;
    throw new Error(`${asked.route} ${asked.key}: ${String(response.status)} ${text}`);
  }

  #send(asked: Asked): Promise<Response> {
    const { by, route, params = {}, query = {}, body = {}, key } = asked;
    const path = route.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
    const isFile = typeof body === 'string';
    return fetch(`${this.site.url}${path}?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      headers: {
        ...this.#headers(by),
        'Idempotency-Key': key,
        'Content-Type': isFile ? 'text/csv' : 'application/json',
      },
      body: isFile ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
  }

  #headers(by: Who): Readonly<Record<string, string>> {
    return { Authorization: `Bearer ${this.site.people[by].secret}` };
  }

  #commandIdOf({ by, route, params = {}, key }: Asked): string {
    const { staffId } = this.site.people[by];
    return commandIdOf(`staff:${staffId}`, `POST ${route} ${canonicalJson(params)}`, key);
  }
}
