import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEventLog } from '#platform/archive/event-log.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { createPool } from '#postgres/pool.js';
import { eventually, Hopeless } from '#testing/eventually.js';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { directoryReplayed } from '../journeys/auditing.js';
import type { Terminal } from '../terminal.js';
import type { Draws } from './draws.js';
import { eventsAfter } from './events-after.js';
import type { Mortal } from './mortal.js';
import { everyPlaceNamed, messageIdOf, type Invariant, type Scene } from './invariants.js';
import { Load, usualLoad, type LoadSize } from './load.js';
import type { Site } from './site.js';
import { assertNothingPassedOver } from './passed-over.js';
import { StubbornClient } from './stubborn-client.js';
import { plannedIn, unfinishedIn } from './unfinished.js';

/** How long a process may take to die where it was told to, in milliseconds. */
const strikeWithinMs = 40_000;
/** How long what was recorded may take to come to its end, in milliseconds; a mail that is put off waits for a minute. */
const settlesWithinMs = 120_000;

/** One data directory of a fund, the processes that come and go on it, who asks them for things, and who gets the mails. */
export class Life implements Mortal, Scene {
  readonly client: StubbornClient;
  readonly #terminals: Terminal[] = [];
  #loads = 0;
  #refused: unknown;
  #acknowledgedBefore = 0;

  private constructor(
    readonly site: Site,
    public draws: Draws,
    readonly peer: SmtpPeer,
    /** Holds `data` and `keys`. */
    public folder: string,
  ) {
    this.client = new StubbornClient(site);
  }

  static async begin(site: Site, draws: Draws, parent?: string): Promise<Life> {
    return new Life(site, draws, await SmtpPeer.listen(), site.copy(parent));
  }

  get #failPointFile(): string {
    return join(this.folder, 'fail-point');
  }

  get dataDirectory(): string {
    return join(this.folder, 'data');
  }

  /** The process that was started last. */
  get terminal(): Terminal {
    const last = this.#terminals.at(-1);
    if (!last) throw new Error('nothing was started');
    return last;
  }

  /** Has a process that answers: the one that runs, or a fresh one; it dies at the fail-point, if one is named. */
  async start(failPoint = ''): Promise<void> {
    const running = this.#terminals.at(-1);
    const terminal = running?.exit === undefined && running ? running : this.open();
    await terminal.address();
    writeFileSync(this.#failPointFile, failPoint);
  }

  /** Starts a process that may not come up. */
  open(): Terminal {
    writeFileSync(this.#failPointFile, '');
    const terminal = this.site.start(this.folder, {
      MANGNON_FAIL_POINT: this.#failPointFile,
      SMTP_URL: this.peer.url,
      MAIL_FROM: 'bien-lai@quy.example',
      BOUNCES_HOST: '127.0.0.1',
      BOUNCES_PORT: String(this.site.bouncesPort),
    });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** People work as fast as they can; resolves when all that they asked for is acknowledged, by whichever process. */
  play(size: LoadSize = usualLoad): Promise<void> {
    this.#loads += 1;
    this.#acknowledgedBefore = this.client.acknowledged.length;
    const played = new Load(this.site, this.client, this.draws, this.#loads).play(size);
    played.catch((error: unknown) => (this.#refused = error));
    return played;
  }

  /** How many requests are acknowledged of those that people play now. */
  get acknowledgedNow(): number {
    return this.client.acknowledged.length - this.#acknowledgedBefore;
  }

  /** Throws what people were refused with while they played, if anything: no waiting mends that. */
  assertNotRefused(): void {
    const cause = this.#refused;
    if (cause !== undefined)
      throw new Hopeless(cause instanceof Error ? cause.message : 'refused', { cause });
  }

  /** Waits until the process has killed itself. */
  async dies(): Promise<void> {
    const { terminal } = this;
    const died = () => {
      this.assertNotRefused();
      if (terminal.exit === undefined) throw new Error('the process never came to its fail-point');
      if (terminal.exit !== null) throw new Hopeless(`it ended by itself: ${terminal.output}`);
    };
    await eventually(died, { withinMs: strikeWithinMs });
  }

  replay(): Promise<string> {
    return directoryReplayed(this.dataDirectory);
  }

  async further(): Promise<readonly Invariant[]> {
    return [await everyPlaceNamed(this)];
  }

  assertNothingPassedOver(way: string, isMoved: boolean): Promise<void> {
    return assertNothingPassedOver(this.dataDirectory, way, isMoved);
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    this.terminal.press('SIGINT');
    await this.terminal.ended();
  }

  /**
   * Goes on in another folder whose data stand where these events do: what was acknowledged and mailed since then is lost,
   * as it is for whoever restores an old backup.
   */
  goOnFrom(events: readonly RecordedEvent[], folder: string): void {
    const commands = new Set(events.map(({ commandId }) => commandId));
    this.client.forget(({ commandId }) => !commands.has(commandId));
    const planned = new Set(plannedIn(events).map(({ messageId }) => messageId));
    const kept = this.peer.mails.filter(({ bytes }) => planned.has(messageIdOf(bytes)));
    this.peer.mails.splice(0, Infinity, ...kept);
    renameSync(join(this.folder, 'keys'), join(folder, 'keys'));
    this.folder = folder;
  }

  /** Asks the database itself. */
  async query<Row extends object>(
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const pool = createPool(this.databaseUrl, { name: 'faults', connectionsMax: 1 });
    try {
      return (await pool.query<Row>(statement, [...values])).rows;
    } finally {
      await pool.end();
    }
  }

  /** Waits until nothing that was recorded is on its way any more, and the process is ready; what stands there then. */
  async settled(): Promise<readonly RecordedEvent[]> {
    const log = openEventLog(this.databaseUrl);
    const events: RecordedEvent[] = [];
    const isSettled = async (): Promise<void> => {
      if (this.terminal.exit !== undefined) throw new Hopeless(`it has ended: ${this.terminal.output}`);
      events.push(...(await eventsAfter(log.store, events.at(-1))));
      const [unfinished] = unfinishedIn(events);
      if (unfinished !== undefined) throw new Error(unfinished);
      const { status, body } = await this.client.get('administrator', '/health/ready');
      if (status !== 200) throw new Error(`not ready: ${JSON.stringify(body)}`);
    };
    try {
      await eventually(isSettled, { withinMs: settlesWithinMs, everyMs: 100 });
      return events;
    } finally {
      await log.close();
    }
  }

  /** What is recorded now. */
  async recorded(): Promise<readonly RecordedEvent[]> {
    const log = openEventLog(this.databaseUrl);
    return eventsAfter(log.store, undefined).finally(() => log.close());
  }

  /** Process number of its PostgreSQL. */
  get postgres(): number {
    const file = join(this.dataDirectory, 'postgres/postmaster.pid');
    return Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  }

  async end(): Promise<void> {
    for (const terminal of this.#terminals) {
      terminal.press('SIGINT');
      await terminal.ended();
    }
    await this.peer.close();
  }

  get databaseUrl(): string {
    const { url } = JSON.parse(readFileSync(join(this.dataDirectory, 'connection.json'), 'utf8')) as {
      readonly url: string;
    };
    return url;
  }
}
