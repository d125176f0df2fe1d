import { comparePositions, formatPosition, type Position } from '#kernel/position.js';
import type { AnyProjection } from './projection.js';
import { isMessageProjection } from './projection.js';

/** How far a rebuild has come. */
export interface RebuildProgress {
  readonly name: string;
  /** `waiting` for the rebuilds of this process that were asked for before it. */
  readonly phase: 'waiting' | 'building' | 'catching-up' | 'swapped';
  /** The last event read; undefined before the first. */
  readonly position: Position | undefined;
  /** The last event of the store when it was looked at last. */
  readonly head: Position | undefined;
  /** Events (or messages) folded since this run began, and how many a second. */
  readonly events: number;
  readonly eventsPerSecond: number;
}

/** A rebuild that was asked for and has not begun. */
export function waitingRebuild(name: string): RebuildProgress {
  return { name, phase: 'waiting', position: undefined, head: undefined, events: 0, eventsPerSecond: 0 };
}

/** Where one projection stands in this process. */
export interface ProjectionStatus {
  readonly service: string;
  readonly name: string;
  readonly version: number;
  readonly fedBy: 'streams' | 'topics';
  /** `outdated` is served as an older version left it until its rebuild is done; `stopped` needs a rebuild, see `reason`. */
  readonly state: 'starting' | 'catching-up' | 'live' | 'outdated' | 'stopped';
  /** There is no older table to serve: this one was made new and shows nothing until its first rebuild is done. */
  readonly unbuilt?: true;
  /** The last event that its rows have taken in, of those fed by streams. */
  readonly position?: Position;
  /** Why it is stopped, or what it is being retried for. */
  readonly reason?: string;
  readonly rebuild?: RebuildProgress;
  /** Why the last rebuild did not end well; gone when another begins. */
  readonly rebuildFault?: string;
}

/** A projection that was waited for is stopped, or did not come that far in time. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}

/** What changed; undefined takes a member away. */
type Change = { readonly [Member in keyof ProjectionStatus]?: ProjectionStatus[Member] | undefined };

/** What this process knows of its projections, and who waits for them. */
export class Standings {
  readonly #statuses = new Map<string, ProjectionStatus>();
  readonly #waiters = new Set<() => void>();

  /** Adds a projection, state `starting`; throws if one of that name is there. */
  add(service: string, projection: AnyProjection): void {
    if (this.#statuses.has(projection.name)) throw new TypeError(`${projection.name} is registered twice`);
    this.#statuses.set(projection.name, {
      service,
      name: projection.name,
      version: projection.version,
      fedBy: isMessageProjection(projection) ? 'topics' : 'streams',
      state: 'starting',
    });
  }

  /** Notes what changed of a projection; undefined takes a member away that may be absent. */
  note(name: string, change: Change): void {
    const status = this.#statuses.get(name);
    if (!status) throw new TypeError(`no projection ${name}`);
    const members = Object.entries({ ...status, ...change }).filter(([, value]) => value !== undefined);
    this.#statuses.set(name, Object.fromEntries(members) as unknown as ProjectionStatus);
    for (const look of [...this.#waiters]) look();
  }

  /** The projection's status; throws for a name that is not registered. */
  get(name: string): ProjectionStatus {
    const status = this.#statuses.get(name);
    if (!status) throw new TypeError(`no projection ${name}`);
    return status;
  }

  /** All statuses, in the order registered. */
  all(): readonly ProjectionStatus[] {
    return [...this.#statuses.values()];
  }

  /** The lowest position among a service's projections fed by streams; undefined while one has none. */
  position(service: string): Position | undefined {
    const positions = this.#fedByStreams(service).map((status) => status.position);
    return positions.reduce((low, next) =>
      low && next && comparePositions(low, next) > 0 ? next : low && next,
    );
  }

  /** Resolves once the predicate holds; rejects with {@link NotReached} after the time, or when it throws. */
  async until(holds: () => boolean, timeoutMs: number, wanted: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        settle();
      };
      const look = () => {
        try {
          if (holds()) end(resolve);
        } catch (error) {
          end(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        }
      };
      const timer = setTimeout(() => {
        end(() => {
          reject(new NotReached(`${wanted}: not within ${String(timeoutMs)} ms`));
        });
      }, timeoutMs);
      this.#waiters.add(look);
      look();
    });
  }

  /** Waits until the service's projections fed by streams, or those of these names, have taken in the event there. */
  async reached(
    service: string,
    position: Position,
    timeoutMs: number,
    names?: readonly string[],
  ): Promise<void> {
    const isAsked = ({ name }: ProjectionStatus): boolean => names?.includes(name) ?? true;
    const asked = () => this.#fedByStreams(service).filter(isAsked);
    const holds = () =>
      asked().every((status) => {
        if (status.state === 'stopped')
          throw new NotReached(`${status.name} is stopped: ${status.reason ?? ''}`);
        return status.position !== undefined && comparePositions(status.position, position) >= 0;
      });
    await this.until(holds, timeoutMs, `${service} at position ${formatPosition(position)}`);
  }

  #fedByStreams(service: string): readonly ProjectionStatus[] {
    return this.all().filter((status) => status.service === service && status.fedBy === 'streams');
  }
}
