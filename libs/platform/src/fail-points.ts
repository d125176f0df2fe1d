import { readFileSync } from 'node:fs';
import type { EventStore } from '#event-store/event-store.js';
import type { SnapshotStore } from '#event-store/snapshots.js';
import type { CheckpointStore } from '#kernel/checkpoint.js';
import type { NewEvent } from '#kernel/domain-event.js';
import type { PublisherPlaces } from '#messaging/publisher-places.js';
import type { Vault, VaultRoom } from '#vault/vault.js';
import type { HoldStore } from './transport/hold-store.js';

/** Events of the walk, in its order: the step that storing each of them is. */
const events = {
  'donation-recorded': { type: 'DonationRecorded' },
  'donation-posted': { type: 'DonationPosted' },
  'receipt-numbered': { type: 'ReceiptIssued' },
  'receipt-rendered': { type: 'ReceiptRendered' },
  // Before it the mail server has taken the mail, and nothing of ours says so.
  'mail-taken': { type: 'ReceiptSent' },
  // Before it the mail server has put the mail off, or somebody's has sent it back.
  'mail-deferred': { type: 'ReceiptMailDeferred' },
  'mail-bounced': { type: 'ReceiptBounced' },
  'donation-matched': { type: 'DonationMatched' },
  'match-posted': { type: 'DonationReassigned' },
  'match-completed': { type: 'MatchCompleted' },
  'refund-approved': { type: 'RefundApproved' },
  'refund-posted': { type: 'RefundPosted' },
  'refund-completed': { type: 'RefundCompleted' },
  'void-approved': { type: 'VoidApproved' },
  'void-posted': { type: 'VoidPosted' },
  'void-completed': { type: 'VoidCompleted' },
  'receipt-voided': { type: 'ReceiptVoided' },
  'statement-uploaded': { type: 'StatementUploaded' },
  'statement-confirmed': { type: 'StatementConfirmed' },
  'statement-row-recorded': { type: 'DonationRecorded', having: 'readFrom' },
  'bank-item-recorded': { type: 'BankItemRecorded' },
  'statement-imported': { type: 'StatementImported' },
  'bank-item-posted': { type: 'BankItemPosted' },
} as const satisfies Readonly<Record<string, { readonly type: string; readonly having?: string }>>;

type EventStep = keyof typeof events;

/** Steps that are no event: of consumers' places by topic and group, of the vault, of what the platform keeps. */
const others = [
  'checkpoint-moved-ledger-to-access',
  'checkpoint-moved-ledger-to-donations',
  'checkpoint-moved-receipts-to-donations',
  'checkpoint-moved-donations-to-ledger',
  'checkpoint-moved-ledger-to-ledger',
  'checkpoint-moved-receipts-to-ledger',
  'checkpoint-moved-donations-to-receipts',
  'checkpoint-moved-ledger-to-receipts',
  'checkpoint-moved-receipts-to-receipts-render',
  'record-sealed',
  'bytes-sealed',
  'snapshot-kept',
  'key-held',
  'key-let-go',
] as const;

/** Steps that there are only where messages go over Kafka: how far a topic's publisher has sent. */
const betweenProcesses = ['topic-sent-donations', 'topic-sent-ledger', 'topic-sent-receipts'] as const;

type Step = EventStep | (typeof others)[number] | (typeof betweenProcesses)[number];
const moments = ['before', 'after'] as const;

/** A place between two durable steps of the walk: just before something is stored, or just after, with nobody told yet. */
export type FailPointName = `${Step}:${(typeof moments)[number]}`;

/** Types of the events at whose storing a process can be made to die. */
export const failPointEvents: readonly string[] = Object.values(events).map(({ type }) => type);

const named = (steps: readonly Step[]): readonly FailPointName[] =>
  steps.flatMap((step) => moments.map((moment): FailPointName => `${step}:${moment}`));

/** Fail-points that a single process comes to, in the order of the walk. */
export const ownFailPointNames = named([...(Object.keys(events) as readonly EventStep[]), ...others]);

/** Every fail-point: at the end those that only services run apart come to. */
export const failPointNames: readonly FailPointName[] = [...ownFailPointNames, ...named(betweenProcesses)];

/** Where a process is to die: the `nth` time, counted from 1, that it comes to that place. */
export interface FailPoint {
  readonly name: FailPointName;
  readonly nth: number;
}

const written = /^(?<name>[a-z-]+:[a-z]+)(?::(?<nth>[1-9]\d{0,5}))?$/;

/** Reads `name` or `name:nth`; undefined where there is no such place. */
export function parseFailPoint(text: string): FailPoint | undefined {
  const { name, nth = '1' } = written.exec(text)?.groups ?? {};
  const known = failPointNames.find((one) => one === name);
  return known && { name: known, nth: Number.parseInt(nth, 10) };
}

/** Says at each step where the process is to die, if anywhere; the same object for as long as that is one and the same. */
export type Arming = () => FailPoint | undefined;

/** Armed by whatever a file says at each step, nowhere where there is none: so a process that runs can be told. */
export function armedByFile(file: string): Arming {
  let text = '';
  let armed: FailPoint | undefined;
  return () => {
    const now = textOf(file);
    if (now !== text) armed = parseFailPoint((text = now));
    return armed;
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Puts the fail-points around the engines that a process has opened. */
export interface FailPoints {
  store(inner: EventStore): EventStore;
  checkpoints(inner: CheckpointStore): CheckpointStore;
  snapshots(inner: SnapshotStore): SnapshotStore;
  vault(inner: Vault): Vault;
  holds(inner: HoldStore): HoldStore;
  places(inner: PublisherPlaces): PublisherPlaces;
  /** Around a commit of a consumer, which is called such as `kafka:ledger:mangnon.donations.v1`. */
  commit(consumer: string, commit: () => Promise<void>): Promise<void>;
}

/** Nothing is put around anything. */
export const noFailPoints: FailPoints = {
  store: (inner) => inner,
  checkpoints: (inner) => inner,
  snapshots: (inner) => inner,
  vault: (inner) => inner,
  holds: (inner) => inner,
  places: (inner) => inner,
  commit: (_consumer, commit) => commit(),
};

/** As the kernel ends a process that gets no chance to do anything more. */
const killed = (): void => void process.kill(process.pid, 'SIGKILL');

/**
 * Engines whose process dies at the fail-point; for tests alone. Nothing that waits there ever goes on, whatever `die`
 * does, just as nothing does in a killed process. Where no fail-point is armed the engines stay as they are.
 */
export function failPointsOf(armed: FailPoint | Arming | undefined, die: () => void = killed): FailPoints {
  if (!armed) return noFailPoints;
  const at = around(typeof armed === 'function' ? armed : () => armed, die);
  return {
    store: (inner) =>
      replacing(inner, {
        append: (stream, appended, ...rest) =>
          at(stepsOf(appended), () => inner.append(stream, appended, ...rest)),
      }),
    checkpoints: (inner) =>
      replacing(inner, {
        move: (consumer, ...rest) =>
          at([`checkpoint-moved-${wayOf(consumer)}`], () => inner.move(consumer, ...rest)),
      }),
    snapshots: (inner) =>
      replacing(inner, { keep: (snapshot) => at(['snapshot-kept'], () => inner.keep(snapshot)) }),
    vault: (inner) => replacing(inner, { room: (kind) => roomWith(inner.room(kind), at) }),
    holds: (inner) =>
      replacing(inner, {
        hold: (...held) => at(['key-held'], () => inner.hold(...held)),
        letGo: (...key) => at(['key-let-go'], () => inner.letGo(...key)),
      }),
    places: (inner) =>
      replacing(inner, {
        move: (topic, ...rest) => at([`topic-sent-${shortOf(topic)}`], () => inner.move(topic, ...rest)),
      }),
    commit: (consumer, commit) => at([`checkpoint-moved-${wayOf(consumer)}`], commit),
  };
}

/** Does a step that has these names, and dies before or after it if that is where. */
type Around = <Done>(steps: readonly string[], step: () => Promise<Done>) => Promise<Done>;

function around(arming: Arming, die: () => void): Around {
  let armed: FailPoint | undefined;
  let left = 0;
  const isHere = (steps: readonly string[], moment: string): boolean => {
    const now = arming();
    if (now !== armed) left = now?.nth ?? 0;
    armed = now;
    return steps.some((step) => `${step}:${moment}` === now?.name);
  };
  const pass = async (steps: readonly string[], moment: string): Promise<void> => {
    if (!isHere(steps, moment)) return;
    left -= 1;
    if (left > 0) return;
    die();
    await new Promise(() => undefined);
  };
  return async (steps, step) => {
    await pass(steps, 'before');
    const done = await step();
    await pass(steps, 'after');
    return done;
  };
}

function roomWith(inner: VaultRoom, at: Around): VaultRoom {
  return replacing(inner, {
    put: (...record) => at(['record-sealed'], () => inner.put(...record)),
    putMany: (records) => at(['record-sealed'], () => inner.putMany(records)),
    putBytes: (...sealed) => at(['bytes-sealed'], () => inner.putBytes(...sealed)),
  });
}

function stepsOf(appended: readonly NewEvent[]): readonly string[] {
  return Object.entries(events)
    .filter(([, wanted]) =>
      appended.some(
        ({ type, data }) => type === wanted.type && (!('having' in wanted) || wanted.having in data),
      ),
    )
    .map(([step]) => step);
}

/** Consumers are called after how they read, their group and their topic, such as `direct:ledger:mangnon.donations.v1`. */
function wayOf(consumer: string): string {
  const [, group = '', topic = ''] = consumer.split(':');
  return `${shortOf(topic)}-to-${group}`;
}

function shortOf(topic: string): string {
  return topic.split('.')[1] ?? '';
}

/** The engine with some of its methods replaced by others; all else is its own. */
function replacing<Engine extends object>(inner: Engine, methods: Partial<Engine>): Engine {
  return new Proxy(inner, {
    get(target, name) {
      const own: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof own === 'function' ? (own as (...given: unknown[]) => unknown).bind(target) : own;
    },
  });
}
