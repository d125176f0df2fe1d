import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventually, Hopeless } from '#testing/eventually.js';
import type { SmtpPeer } from '#testing/smtp-peer.js';
import { serviceNames, type Apart, type ServiceName } from '../apart/apart.js';
import { replayed } from '../journeys/auditing.js';
import { Rest } from './apart-rest.js';
import { Draws } from './draws.js';
import type { Mortal } from './mortal.js';
import type { Scene } from './invariants.js';
import { Load, usualLoad, type LoadSize } from './load.js';
import { everybody } from './site.js';
import { StubbornClient } from './stubborn-client.js';
import { unfinishedIn } from './unfinished.js';

/** How long a process may take to die where it was told to, and everything to come to its end, in milliseconds. */
const strikeMs = { withinMs: 60_000, everyMs: 20 };
const settleMs = { withinMs: 120_000, everyMs: 200 };

/** Services in processes of their own, who asks them for things, and how everything is seen to come to its end. */
export class ApartLife implements Mortal {
  readonly draws: Draws;
  #loads = 0;
  #refused: unknown;
  #acknowledgedBefore = 0;

  private constructor(
    readonly apart: Apart,
    readonly client: StubbornClient,
    private readonly mails: SmtpPeer | undefined,
    readonly rest: Rest,
    private readonly set: { readonly seed: string; readonly bouncesPort: number },
  ) {
    this.draws = new Draws(set.seed);
  }

  /** Takes services that were started with {@link failPointFile}, and with this mail server if they send their mails. */
  static async begin(apart: Apart, seed: string, peer?: SmtpPeer, bouncesPort = 0): Promise<ApartLife> {
    const { url, fundId, people } = apart;
    const client = new StubbornClient({ url, fundId, people: await everybody(url, people) });
    const rest = await Rest.open(apart.kafkaConfig, apart.books.url);
    return new ApartLife(apart, client, peer, rest, { seed, bouncesPort });
  }

  get peer(): SmtpPeer {
    if (!this.mails) throw new TypeError('mails go to no mail server');
    return this.mails;
  }

  get site(): Mortal['site'] {
    return { fundId: this.apart.fundId, bouncesPort: this.set.bouncesPort };
  }

  /** Starts every service that does not run, and arms the fail-point for whoever comes to it first. */
  async start(failPoint = ''): Promise<void> {
    writeFileSync(failPointFile(this.apart.folder), '');
    for (const name of serviceNames) if (!this.apart.isRunning(name)) this.apart.start(name);
    await this.apart.ready();
    writeFileSync(failPointFile(this.apart.folder), failPoint);
  }

  play(size: LoadSize = usualLoad): Promise<void> {
    this.#loads += 1;
    this.#refused = undefined;
    this.#acknowledgedBefore = this.client.acknowledged.length;
    const { fundId } = this.apart;
    const draws = new Draws(`${this.set.seed} ${String(this.#loads)}`);
    const played = new Load({ ...this.client.site, fundId }, this.client, draws, this.#loads).play(size);
    played.catch((error: unknown) => (this.#refused = error));
    return played;
  }

  /** Waits until so many of what people ask for now is acknowledged that there is load, and more to come. */
  async underLoad(): Promise<void> {
    const enough = 1 + this.draws.below(6);
    await eventually(() => {
      this.assertNotRefused();
      if (this.client.acknowledged.length - this.#acknowledgedBefore < enough)
        throw new Error('nothing is acknowledged yet');
    }, strikeMs);
  }

  /** Throws what people were refused with while they played, if anything: no waiting mends that. */
  assertNotRefused(): void {
    const cause = this.#refused;
    this.#refused = undefined;
    if (cause !== undefined)
      throw new Hopeless(cause instanceof Error ? cause.message : 'refused', { cause });
  }

  /** The services that have ended. */
  get dead(): readonly ServiceName[] {
    return serviceNames.filter((name) => !this.apart.isRunning(name));
  }

  async dies(): Promise<void> {
    await eventually(() => {
      this.assertNotRefused();
      if (this.dead.length === 0) throw new Error('no process ever came to its fail-point');
    }, strikeMs);
  }

  /** What is behind a group's place is told by {@link settled}: here only messages that came before it are looked at. */
  async assertNothingPassedOver(): Promise<void> {
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    await Promise.all(serviceNames.map((name) => this.apart.signal(name, 'SIGTERM')));
  }

  async settled(): Promise<readonly RecordedEvent[]> {
    return eventually(async () => {
      this.assertNotRefused();
      const [dead] = this.dead;
      if (dead) throw new Hopeless(`${dead} has ended: ${this.apart.said(dead)}`);
      const events = await this.rest.events();
      const [unfinished] = unfinishedIn(events);
      if (unfinished !== undefined) throw new Error(unfinished);
      await this.rest.assertNoLag();
      await this.#allReady();
      return events;
    }, settleMs);
  }

  /** What invariants are looked at on. */
  get scene(): Scene {
    const { client, mails, rest } = this;
    const { books, vault } = this.apart;
    const replay = (): Promise<string> => replayed({ database: books, vault });
    return { client, peer: mails, replay, further: () => rest.invariants() };
  }

  query<Row extends object>(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.rest.query<Row>(statement, values);
  }

  /** What every process has said lately, for whoever has to find out what went wrong. */
  get lastWords(): string {
    return serviceNames
      .map((name) => `${name}: ${this.apart.said(name).trim().split('\n').slice(-12).join('\n  ')}`)
      .join('\n');
  }

  close(): Promise<void> {
    return this.rest.close();
  }

  async #allReady(): Promise<void> {
    for (const name of serviceNames) {
      const answer = await fetch(`${this.apart.urlOf(name)}/health/ready`);
      if (answer.status !== 200) throw new Error(`${name}: ${await answer.text()}`);
    }
  }
}

/** Where processes look for the place at which they are to die. */
export function failPointFile(folder: string): string {
  return join(folder, 'fail-point');
}
