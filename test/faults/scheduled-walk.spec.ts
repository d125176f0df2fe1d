import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OpenReceiptBook, Series } from '#domain/receipt-book/receipt-book.state.js';
import { handle } from '#event-store/handle.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { PassingEventStore } from '#testing/passing-event-store.js';
import { faults } from '#testing/run.config.js';
import { keptSchedules } from './kept-schedules.js';
import { schedules, type Turn } from './scheduled-steps.js';
import type { HandlingOf } from './scheduled-walk.js';
import { WalkUnderASchedule } from './walk-under-a-schedule.js';

const minutes = 60_000;
const drawn = {
  numRuns: faults.isLong ? 20_000 : 300,
  ...(faults.seed === undefined ? {} : { seed: Number(faults.seed) }),
};

async function play(turns: readonly Turn[], handling?: HandlingOf): Promise<void> {
  await (await WalkUnderASchedule.begun(handling)).play(turns);
}

/** What the property says of a handling that is broken; undefined where it sees nothing. */
async function foundIn(handling: HandlingOf): Promise<string | undefined> {
  const property = fc.asyncProperty(schedules(40), (turns) => play(turns, handling));
  const { errorInstance } = await fc.check(property, { numRuns: 2_000, endOnFailure: true });
  return errorInstance instanceof Error ? errorInstance.message : undefined;
}

/** Reads events otherwise than they stand. */
class Misreading extends PassingEventStore {
  constructor(
    inner: PassingEventStore['inner'],
    private readonly misread: (event: RecordedEvent) => RecordedEvent,
  ) {
    super(inner);
  }

  override async *read(stream: string, fromRevision?: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of super.read(stream, fromRevision)) yield page.map(this.misread);
  }
}

function misreading(misread: (event: RecordedEvent) => RecordedEvent): HandlingOf {
  return (store, decider, options) => handle(new Misreading(store, misread), decider, options);
}

/** Counts back with every receipt that is voided. */
const reusing: HandlingOf = (store, decider, options) => {
  const evolve: typeof decider.evolve = (state, event) => {
    const next = decider.evolve(state, event);
    if (event.type !== 'ReceiptVoided') return next;
    const { series } = next as OpenReceiptBook;
    const back = Object.entries(series).map(([year, one]) => [year, { ...one, last: one.last - 1 }] as const);
    return { ...next, series: Object.fromEntries<Series>(back) };
  };
  return handle(store, { ...decider, evolve }, options);
};

/** Takes no notice of it when books are closed. */
const neverClosing: HandlingOf = (store, decider, options) => {
  const evolve: typeof decider.evolve = (state, event) =>
    event.type === 'PeriodClosed' ? state : decider.evolve(state, event);
  return handle(store, { ...decider, evolve }, options);
};

/** Finds an own transfer to be an item of the other account and leaves it to the next one. */
const claimingTwice: HandlingOf = (store, decider, options) => {
  const evolve: typeof decider.evolve = (state, event) => {
    const next = decider.evolve(state, event);
    const { classification } = event.data as { readonly classification?: { readonly as: string } };
    const isClaim = event.type === 'ClassificationPosted' && classification?.as === 'posted';
    if (!isClaim || typeof state !== 'object' || !state || !('claimable' in state)) return next;
    return { ...next, claimable: state.claimable };
  };
  return handle(store, { ...decider, evolve }, options);
};

/** Says what a bank item was and forgets it. */
const sayingTwice: HandlingOf = (store, decider, options) => {
  const evolve: typeof decider.evolve = (state, event) =>
    event.type === 'BankItemClassified' ? state : decider.evolve(state, event);
  return handle(store, { ...decider, evolve }, options);
};

describe('the walk of donations keeps its invariants after every append', () => {
  it(
    'whatever is lost, doubled, late or out of order, and whoever dies',
    async () => {
      await fc.assert(
        fc.asyncProperty(schedules(60), (turns) => play(turns)),
        drawn,
      );
    },
    30 * minutes,
  );

  it.each(Object.entries(keptSchedules))('where once %s', (_wrong, turns) => play(turns));

  it.each<[string, HandlingOf, RegExp]>([
    [
      'forget what they were told already',
      misreading((event) =>
        event.cause.kind === 'message'
          ? { ...event, cause: { ...event.cause, position: { incarnation: 0, number: 0 } } }
          : event,
      ),
      /answered at revision|answered twice|stands twice|were parked/,
    ],
    [
      'forget the requests that they answered',
      misreading((event) => ({ ...event, commandId: event.id })),
      /a (donation is recorded|statement is uploaded|journal is written) once|when it came again|was answered with/,
    ],
    ['give the number of a voided receipt again', reusing, /receipt-numbers/],
    ['post into books that are closed', neverClosing, /open-periods/],
    ['find one entry to be two bank items', claimingTwice, /claims at event/],
    [
      'say of a bank item what it was and forget it',
      sayingTwice,
      /said of items|were parked|folds .* where the item is asked/,
    ],
  ])('and sees services that %s', async (_fault, handling, finding) => {
    expect(await foundIn(handling)).toMatch(finding);
  });
});
