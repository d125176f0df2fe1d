import { Secret, TOTP } from 'otpauth';
import type { Clock } from '#platform/clock.js';
import { Api } from './api.js';

/** Everybody’s password in the demo. */
export const password = 'mang non dem trang 2024';

interface Session {
  readonly secret: string;
  readonly expiresAt: string;
  readonly secondFactor: string;
}

/** Somebody who works for the fund, with an authenticator app where the role asks for one. */
export class Person {
  #session: Session | undefined;
  #signingIn: Promise<Session> | undefined;
  #app: TOTP | undefined;
  #lastStep = 0;

  constructor(
    private readonly base: string,
    private readonly clock: Clock,
    readonly login: string,
    session?: Session,
  ) {
    this.#session = session;
  }

  /** Calls in this person's name; signs in again when the story has jumped past the session. */
  get api(): Api {
    return new Api(this.base, () => this.#bearer());
  }

  /** Sets up the authenticator app, so that roles that need it count. */
  async enrol(): Promise<void> {
    const { secret } = await this.api.post<{ readonly secret: string }>('/v1/me/second-factor');
    this.#app = new TOTP({ secret: Secret.fromBase32(secret) });
    this.#session = await this.api.post<Session>('/v1/me/second-factor/confirmation', { code: this.code() });
  }

  /** The next one-time code of the authenticator app, good for half a minute and for one sign-in; empty without an app. */
  code(): string {
    const step = Math.max(Math.floor(this.clock.now().getTime() / 30_000), this.#lastStep + 1);
    this.#lastStep = step;
    return this.#app?.generate({ timestamp: step * 30_000 }) ?? '';
  }

  async #bearer(): Promise<string> {
    const soon = this.clock.now().getTime() + 60_000;
    if (!this.#session || Date.parse(this.#session.expiresAt) < soon) {
      // Many requests at once wait for one sign-in.
      this.#signingIn ??= this.#signIn().finally(() => (this.#signingIn = undefined));
      this.#session = await this.#signingIn;
    }
    return this.#session.secret;
  }

  #signIn(): Promise<Session> {
    const code = this.#app ? { code: this.code() } : {};
    return new Api(this.base).post<Session>('/v1/sessions', { login: this.login, password, ...code });
  }
}

/** Who plays the story: nobody does two things that need two persons. */
export interface People {
  readonly administrator: Person;
  readonly accountant: Person;
  readonly cashier: Person;
  readonly approver: Person;
}

/** Becomes the first administrator by the one-time link. */
export async function firstAdministrator(base: string, clock: Clock, setUpPath: string): Promise<Person> {
  const link = new URL(setUpPath, base).searchParams.get('link');
  const first = {
    link,
    login: 'quantri',
    password,
    name: 'Lê Thị Quản Trị (giả định)',
    email: 'quantri@example.org',
  };
  const administrator = new Person(
    base,
    clock,
    'quantri',
    await new Api(base).post<Session>('/v1/setup', first),
  );
  await administrator.enrol();
  return administrator;
}

/** Registers who works for the fund, each with a role of their own. */
export async function hire(
  administrator: Person,
  base: string,
  clock: Clock,
  fundId: string,
  from: string,
): Promise<People> {
  const hired = async (login: string, name: string, role: string): Promise<Person> => {
    const registered = await administrator.api.post<{ readonly staffId: string; readonly link: string }>(
      '/v1/staff',
      {
        fundId,
        login,
        name,
        email: `${login}@example.org`,
      },
    );
    await administrator.api.post(`/v1/staff/${registered.staffId}/grants`, { role, fundId, from });
    const link = new URL(registered.link, base).searchParams.get('link');
    await new Api(base).post('/v1/resets/password', { link, password });
    return new Person(base, clock, login);
  };
  const accountant = await hired('ketoan', 'Phan Kế Toán (giả định)', 'accountant');
  const cashier = await hired('thuquy', 'Mạc Thủ Quỹ (giả định)', 'cashier');
  const approver = await hired('giamdoc', 'Hà Giám Đốc (giả định)', 'approver');
  await approver.enrol();
  return { administrator, accountant, cashier, approver };
}
