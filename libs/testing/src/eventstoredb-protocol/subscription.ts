import { randomUUID } from 'node:crypto';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import type { StoredEvent } from './stored-event.js';
import type { StoredLog } from './stored-log.js';
import { eventMessage, failure, streamDeleted, streamOf } from './wire.js';

/** So many events a real server reads at a time, and keeps for a subscriber that does not take them. */
const window = 32;
/** A subscriber that takes nothing for this long, in milliseconds, is one that does not take them. */
const stuckMs = 100;

type Call = ServerWritableStream<ReadReq, ReadResp>;

/** What a subscriber wants: which events, after which index of the log, and how often it is told how far it is. */
interface Wish {
  readonly matches: (event: StoredEvent) => boolean;
  /** Index in the log of the first event that is looked at. */
  readonly from: number;
  /** Events looked at between two checkpoints; none for a subscription without a filter. */
  readonly checkpointEvery: number | undefined;
}

/** Confirms, sends history, says that it is caught up, and goes on live until the call ends. */
export function subscribe(log: StoredLog, faults: Faults, options: ReadReq.Options, call: Call): void {
  const from = options.getStream();
  const stream = from && streamOf(from);
  if (stream !== undefined && log.view(stream).state === 'tombstoned') {
    call.emit('error', streamDeleted(stream));
    return;
  }
  const wish = stream === undefined ? wishOfAll(log, options) : wishOf(log, stream, options);
  void new Subscription(log, faults, call, wish).run();
}

function wishOf(log: StoredLog, stream: string, options: ReadReq.Options): Wish {
  const from = options.getStream();
  const after = from?.hasRevision() ? Number(from.getRevision()) : -1;
  const matches = (event: StoredEvent): boolean => event.stream === stream && event.revision > after;
  return { matches, from: from?.hasEnd() ? log.all.length : 0, checkpointEvery: undefined };
}

function wishOfAll(log: StoredLog, options: ReadReq.Options): Wish {
  const filter = options.getFilter();
  const every =
    filter && filter.getCheckpointintervalmultiplier() * (filter.hasMax() ? filter.getMax() : window);
  return {
    matches: filter ? matchesOf(filter) : () => true,
    from: startOf(log, options),
    checkpointEvery: every,
  };
}

/** Behind the first event at or after the position, whether one stands exactly there or not. */
function startOf(log: StoredLog, options: ReadReq.Options): number {
  const from = options.getAll();
  if (from?.hasEnd()) return log.all.length;
  if (!from?.hasPosition()) return 0;
  const at = BigInt(from.getPosition()?.getCommitPosition() ?? 0);
  const index = log.all.findIndex(({ position }) => position >= at);
  return index === -1 ? log.all.length : index + 1;
}

function matchesOf(filter: ReadReq.Options.FilterOptions): Wish['matches'] {
  const byType = filter.hasEventType();
  const expression = byType ? filter.getEventType() : filter.getStreamIdentifier();
  const textOf = (event: StoredEvent): string => (byType ? event.type : event.stream);
  const regex = expression?.getRegex() ?? '';
  if (regex !== '') {
    const pattern = new RegExp(regex);
    return (event) => pattern.test(textOf(event));
  }
  const prefixes = expression?.getPrefixList() ?? [];
  return (event) => prefixes.some((prefix) => textOf(event).startsWith(prefix));
}

class Subscription {
  #at: number;
  #sinceCheckpoint = 0;
  #live = false;
  #stuckAt: number | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(
    private readonly log: StoredLog,
    private readonly faults: Faults,
    private readonly call: Call,
    private readonly wish: Wish,
  ) {
    this.#at = wish.from;
    const forget = log.watch(() => this.#told());
    const end = (): void => {
      this.#ended = true;
      forget();
      this.#wake();
    };
    call
      .on('cancelled', end)
      .on('close', end)
      .on('error', end)
      .on('drain', () => this.#wake());
  }

  async run(): Promise<void> {
    const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
    await this.#send(new streams.ReadResp().setConfirmation(confirmation));
    while (this.#open) {
      if (this.#at < this.log.all.length) await this.#page();
      else if (this.#live) await this.#woken();
      else {
        this.#live = true;
        this.faults.liveSubscribers += 1;
        await this.#send(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
      }
    }
  }

  get #open(): boolean {
    return !this.#ended;
  }

  async #page(): Promise<void> {
    const began = this.log.all[this.#at];
    const page = this.log.all.slice(this.#at, this.#at + window);
    let last = began;
    for (const event of page) {
      if (!this.#open) return;
      this.#at += 1;
      if (!this.wish.matches(event)) continue;
      last = event;
      await this.#send(eventMessage(event));
    }
    this.#sinceCheckpoint += page.length;
    await this.#checkpoint(this.#live ? page.at(-1) : last);
  }

  /** In history a real server names the page's last match, or its first event; live the last event looked at. */
  async #checkpoint(at: StoredEvent | undefined): Promise<void> {
    const every = this.wish.checkpointEvery;
    if (every === undefined || !at || this.#sinceCheckpoint < every) return;
    this.#sinceCheckpoint %= every;
    const position = at.position.toString();
    const checkpoint = new streams.ReadResp.Checkpoint()
      .setCommitPosition(position)
      .setPreparePosition(position);
    await this.#send(new streams.ReadResp().setCheckpoint(checkpoint));
  }

  async #send(message: ReadResp): Promise<void> {
    if (!this.#open || this.call.write(message)) return;
    this.#stuckAt = performance.now();
    await this.#woken();
    this.#stuckAt = undefined;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Something was appended: it waits behind what the subscriber has not taken, or the subscriber is cut off. */
  #told(): void {
    if (this.#stuckAt === undefined) {
      this.#wake();
      return;
    }
    const waiting = this.log.all.slice(this.#at).filter((event) => this.wish.matches(event)).length;
    if (!this.#live || waiting < window || performance.now() - this.#stuckAt < stuckMs) return;
    const details =
      'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.';
    this.faults.slowSubscribers += 1;
    this.call.emit('error', failure(status.ABORTED, details));
  }
}
