import { formatPosition } from '#kernel/position.js';
import type { Figures } from './figures.js';
import type { ProjectionStatus, RebuildProgress } from '#read-models/standings.js';

/** A read model as operators see it; positions are `incarnation.number`. */
export interface ProjectionView {
  readonly service: string;
  readonly name: string;
  readonly version: number;
  readonly state: ProjectionStatus['state'];
  readonly position: string | null;
  /** Why it is stopped, or what it is being retried for. */
  readonly reason: string | null;
  readonly rebuild: RebuildView | null;
  /** Why the last rebuild did not end well. */
  readonly rebuildFault: string | null;
}

/** How far a rebuild has come. */
export interface RebuildView {
  readonly phase: RebuildProgress['phase'];
  readonly position: string | null;
  readonly head: string | null;
  readonly events: number;
  readonly eventsPerSecond: number;
}

/** Messages that wait in one service for somebody to look. */
export interface WaitingView {
  readonly service: string;
  readonly messages: number;
}

/** How long the oldest has waited for something, in seconds: 0 where nothing waits, null where that could not be told. */
export interface WaitView {
  readonly seconds: number | null;
}

/** A consumer group and how far it is behind. */
export interface ConsumerView extends WaitView {
  readonly group: string;
  readonly topic: string;
}

/** A topic and how far what is sent to it is behind. */
export interface PublisherView extends WaitView {
  readonly topic: string;
}

/** Donations of a service that wait for their receipts. */
export interface WithoutReceiptView extends WaitView {
  readonly service: string;
}

/** How long the store took for the appends of one process since its start. */
export interface AppendsView {
  /** Name of the service, `mangnon` where all are one process. */
  readonly process: string;
  readonly count: number;
  /** Half of them took no longer, in seconds; null where there were none, or they took longer than is measured. */
  readonly halfWithin: number | null;
  /** All but one in a hundred took no longer, in seconds. */
  readonly mostWithin: number | null;
}

/** What operators watch, the same as in the metrics. */
export interface FiguresView {
  readonly consumers: readonly ConsumerView[];
  readonly publishers: readonly PublisherView[];
  readonly withoutReceipt: readonly WithoutReceiptView[];
  /** Null where it could not be told. */
  readonly parked: readonly WaitingView[] | null;
  /** Null where it could not be told. */
  readonly held: readonly WaitingView[] | null;
  readonly appends: readonly AppendsView[];
}

/** Where the store, the consumers and the read models of this process stand. */
export interface StatusView {
  /** Position of the store's last event. */
  readonly head: string | null;
  readonly projections: readonly ProjectionView[];
  /** Consumers that cannot go on at all, by `service <- topic`, with the reason. */
  readonly stopped: Readonly<Record<string, string>>;
  readonly figures: FiguresView;
}

/** The view of what operators watch. */
export function figuresView(figures: Figures, appends: AppendsView): FiguresView {
  const { parked = null, held = null, consumers, publishers, withoutReceipt } = figures;
  return {
    consumers: consumers.map(({ group, topic, seconds = null }) => ({ group, topic, seconds })),
    publishers: publishers.map(({ topic, seconds = null }) => ({ topic, seconds })),
    withoutReceipt: withoutReceipt.map(({ service, seconds = null }) => ({ service, seconds })),
    ...{ parked, held, appends: [appends] },
  };
}

/** The view of one read model. */
export function projectionView(status: ProjectionStatus): ProjectionView {
  const { service, name, version, state, position, reason, rebuild, rebuildFault } = status;
  return {
    service,
    name,
    version,
    state,
    position: position ? formatPosition(position) : null,
    reason: reason ?? null,
    rebuild: rebuild ? rebuildView(rebuild) : null,
    rebuildFault: rebuildFault ?? null,
  };
}

function rebuildView({ phase, position, head, events, eventsPerSecond }: RebuildProgress): RebuildView {
  return {
    phase,
    position: position ? formatPosition(position) : null,
    head: head ? formatPosition(head) : null,
    events,
    eventsPerSecond,
  };
}
