import { formatPosition } from '#kernel/position.js';
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

/** Where the store, the consumers and the read models of this process stand. */
export interface StatusView {
  /** Position of the store's last event. */
  readonly head: string | null;
  readonly projections: readonly ProjectionView[];
  /** Consumers that cannot go on at all, by `service <- topic`, with the reason. */
  readonly stopped: Readonly<Record<string, string>>;
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
