import { SetUp } from '#apps/access/src/in/set-up.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { newId } from '#event-store/command-id.js';
import { roles, type Caller } from '#kernel/roles.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { signedAs } from '#testing/signed-as.js';

/** One answer of the API. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  /** Text where it is not JSON. */
  readonly body: unknown;
}

/** Every service of the default run, asked as the gateway asks: by somebody with every role everywhere. */
export class ApiAtWork {
  readonly #caller: Caller = {
    staffId: newId(),
    secondFactor: true,
    grants: roles.map((role) => ({ role, fundId: '*' })),
  };

  private constructor(readonly running: OpenedServices) {}

  static async open(): Promise<ApiAtWork> {
    return new ApiAtWork(await openServices(services));
  }

  close(): Promise<void> {
    return this.running.stop();
  }

  /** The secret of the link that makes the first administrator. */
  async setUpLink(): Promise<string> {
    const path = (await this.running.app.get(SetUp, { strict: false }).linkAtBoot()) ?? '';
    return new URL(path, this.running.url).searchParams.get('link') ?? '';
  }

  post(url: string, body?: object): Promise<Answer> {
    return this.send('POST', url, body);
  }

  get(url: string): Promise<Answer> {
    return this.send('GET', url);
  }

  /** Waits until the read models have taken in all that is recorded. */
  async caughtUp(): Promise<void> {
    const { store, readModels } = this.running.platform;
    const head = await store.head();
    for (const { name, projections } of services)
      if (head && projections.length > 0) await readModels.waitFor(name, head.position, 20_000);
  }

  async send(method: string, url: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${this.running.url}${url}`, {
      method,
      headers: {
        ...(await signedAs(this.#caller, this.running.platform)),
        'idempotency-key': newId(),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const type = answer.headers.get('content-type')?.split(';', 1)[0] ?? '';
    const text = await answer.text();
    return { status: answer.status, type, body: type.endsWith('json') ? JSON.parse(text) : text };
  }
}
