import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Clock } from '../clock.js';
import type { Service } from '../service.js';
import { CLOCK, LAGS, READ_DATABASE, SERVICES } from '../tokens.js';
import { ConsumerDesk } from '../transport/consumer-desk.js';
import { Questions } from '../transport/questions.js';
import { secondsBetween, type ConsumerLag, type Lags, type PublishLag } from '../transport/lags.js';

/** Messages that wait in one service for somebody to look. */
export interface WaitingMessages {
  readonly service: string;
  readonly messages: number;
}

/** What operators watch, as it stands; undefined for what could not be told in time. */
export interface Figures {
  readonly consumers: readonly ConsumerLag[];
  readonly publishers: readonly PublishLag[];
  readonly parked: readonly WaitingMessages[] | undefined;
  readonly held: readonly WaitingMessages[] | undefined;
  /** How long the oldest donation waits for its receipt, in seconds; of each service here that knows. */
  readonly withoutReceipt: readonly { readonly service: string; readonly seconds: number | undefined }[];
}

/** When the oldest of something was recorded that still waits (RFC 3339, UTC); undefined where nothing does. */
export type OldestWaiting = () => Promise<string | undefined>;

/** Those who watch wait so long for an engine that is away, in milliseconds. */
const toldWithinMs = 2_000;
/** What was found out counts for so long. */
const againAfterMs = 1_000;

/** Finds out what operators watch, at most once a second; what an engine does not tell within two seconds is unknown. */
@Injectable()
export class FiguresDesk {
  readonly #withoutReceipt = new Map<string, OldestWaiting>();
  readonly #questions = new Questions(toldWithinMs);
  #found: { readonly figures: Promise<Figures>; readonly untilMs: number } | undefined;

  constructor(
    @Inject(LAGS) private readonly lags: Lags,
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(SERVICES) private readonly services: readonly Service[],
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly consumers: ConsumerDesk,
  ) {}

  /** Says who knows which donation waits longest for its receipt. */
  registerWithoutReceipt(service: string, oldest: OldestWaiting): void {
    this.#withoutReceipt.set(service, oldest);
  }

  /** The figures as of a second ago at the latest; never rejects. */
  figures(): Promise<Figures> {
    const now = performance.now();
    if (!this.#found || this.#found.untilMs < now)
      this.#found = { figures: this.#find(), untilMs: now + againAfterMs };
    return this.#found.figures;
  }

  async #find(): Promise<Figures> {
    const [consumers, publishers, parked, held, withoutReceipt] = await Promise.all([
      this.lags.consumers(),
      this.lags.publishers(),
      this.#questions.told('parked', () => this.#parked()),
      this.#questions.told('held', () => this.#held()),
      Promise.all([...this.#withoutReceipt].map((known) => this.#waiting(...known))),
    ]);
    return { consumers, publishers, parked, held, withoutReceipt };
  }

  async #parked(): Promise<readonly WaitingMessages[]> {
    const writers = this.services.filter(({ streams }) => streams.length > 0);
    return Promise.all(
      writers.map(async ({ name: service }) => {
        const [row] = await this.database.query<{ messages: number }[]>(
          `SELECT count(*)::integer AS messages FROM ${service}.parked`,
        );
        return { service, messages: row?.messages ?? 0 };
      }),
    );
  }

  async #held(): Promise<readonly WaitingMessages[]> {
    const held = await this.consumers.held();
    return this.services.map(({ name: service }) => ({
      service,
      messages: held.reduce((sum, { group, messages }) => sum + (group === service ? messages : 0), 0),
    }));
  }

  async #waiting(service: string, oldest: OldestWaiting): Promise<Figures['withoutReceipt'][number]> {
    const since = async (): Promise<number> => {
      const time = await oldest();
      return time === undefined ? 0 : secondsBetween(time, this.clock.now());
    };
    return { service, seconds: await this.#questions.told(`without receipt ${service}`, since) };
  }
}
