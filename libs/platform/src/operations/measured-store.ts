import { Counter, Histogram } from 'prom-client';
import type { NewEvent } from '#kernel/domain-event.js';
import {
  AppendMixed,
  AppendTooLarge,
  StoreBusy,
  WrongExpectedVersion,
  type Appended,
  type EventStore,
  type ExpectedRevision,
} from '#event-store/event-store.js';
import type { AppendsView } from './status-view.js';
import { appendInSpans } from '../tracing/traced-store.js';

/** How long the store takes for an append; the steps go from what a disk takes to where a caller gives up. */
export const storeAppends = new Histogram({
  name: 'mangnon_store_append_seconds',
  help: 'Seconds from handing an append to the event store to its answer; those without one are failures',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** Appends that got no answer, or were not taken; a stream that moved meanwhile is none. */
export const storeFailures = new Counter({
  name: 'mangnon_store_append_failures_total',
  help: 'Appends that the event store was too busy for, or did not answer',
  labelNames: ['why'] as const,
});

/** What was never handed to the store, because it is no append. */
function isOurs(error: unknown): boolean {
  return error instanceof AppendTooLarge || error instanceof AppendMixed || error instanceof TypeError;
}

/** The store of a process, whose appends are measured and, where something is traced, traced. */
export class MeasuredStore implements EventStore {
  private readonly tracedAppend: EventStore['append'];

  constructor(private readonly inner: EventStore) {
    this.tracedAppend = appendInSpans((...append) => inner.append(...append));
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    const answered = storeAppends.startTimer();
    try {
      const appended = await this.tracedAppend(stream, events, expected, after);
      answered();
      return appended;
    } catch (error) {
      if (error instanceof WrongExpectedVersion) answered();
      else if (!isOurs(error)) storeFailures.inc({ why: error instanceof StoreBusy ? 'busy' : 'unanswered' });
      throw error;
    }
  }

  read(...given: Parameters<EventStore['read']>): ReturnType<EventStore['read']> {
    return this.inner.read(...given);
  }

  subscribe(...given: Parameters<EventStore['subscribe']>): ReturnType<EventStore['subscribe']> {
    return this.inner.subscribe(...given);
  }

  head(): ReturnType<EventStore['head']> {
    return this.inner.head();
  }

  incarnation(): Promise<number> {
    return this.inner.incarnation();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** How long the appends of this process took since its start, to the steps that are measured. */
export async function appendsOf(process: string): Promise<AppendsView> {
  const { values } = await storeAppends.get();
  const steps = values
    .filter(({ labels }) => typeof labels['le'] === 'number')
    .map(({ labels, value }) => ({ seconds: labels['le'] as number, count: value }));
  const count = values.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0;
  const within = (share: number): number | null =>
    (count > 0 && steps.find((step) => step.count >= share * count)?.seconds) || null;
  return { process, count, halfWithin: within(0.5), mostWithin: within(0.99) };
}
