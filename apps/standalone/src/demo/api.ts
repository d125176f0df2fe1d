import { randomUUID } from 'node:crypto';

/** The server answered something else than success; the message holds its problem. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';

  constructor(
    readonly status: number,
    readonly problem: string,
    where: string,
  ) {
    super(`${where}: ${String(status)} ${problem}`);
  }
}

/** Gives the secret of a session that is good now. */
export type Bearer = () => Promise<string>;

/** Calls the API as one person, as any other client would; throws {@link ApiRefused}. */
export class Api {
  constructor(
    private readonly base: string,
    private readonly bearer?: Bearer,
  ) {}

  /** Reads JSON. */
  get<Answer>(path: string): Promise<Answer> {
    return this.#call<Answer>('GET', path);
  }

  /** Reads bytes, such as a PDF. */
  async getBytes(path: string): Promise<Uint8Array> {
    const answer = await this.#fetch('GET', path);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Sends a command; the same key again is the same command. */
  post<Answer>(path: string, body: object = {}, key: string = randomUUID()): Promise<Answer> {
    return this.#call<Answer>('POST', path, body, key);
  }

  async #call<Answer>(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    const answer = await this.#fetch(method, path, body, key);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async #fetch(method: string, path: string, body?: object, key?: string): Promise<Response> {
    const secret = await this.bearer?.();
    const headers = {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && { 'Idempotency-Key': key }),
      ...(secret !== undefined && { Authorization: `Bearer ${secret}` }),
    };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.base}${path}`, init);
    if (!answer.ok) throw new ApiRefused(answer.status, await answer.text(), `${method} ${path}`);
    return answer;
  }
}
