import { Pool } from 'undici';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds, where it asked to come again later. */
  readonly retryAfter: string | undefined;
}

/** A server that gives no answer for so long has failed, in milliseconds. */
const answersWithinMs = 30_000;

/** Keep-alive connections to one server; a request waits for one that is free. */
export class Connections {
  readonly #pool: Pool;

  constructor(origin: string, count: number) {
    this.#pool = new Pool(origin, {
      ...{ connections: count, pipelining: 1, keepAliveTimeout: 60_000 },
      ...{ headersTimeout: answersWithinMs, bodyTimeout: answersWithinMs },
    });
  }

  /** Sends JSON with these headers. Rejects where no answer comes. */
  post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#request('POST', path, { 'content-type': 'application/json', ...headers }, body);
  }

  get(path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#request('GET', path, headers, null);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #request(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
  ): Promise<Answer> {
    const {
      statusCode,
      headers: told,
      body: answer,
    } = await this.#pool.request({ method, path, headers, body });
    const retryAfter = told['retry-after'];
    return {
      status: statusCode,
      text: await answer.text(),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
  }
}
