import { randomUUID } from 'node:crypto';
import type { Handling } from '#event-store/contract-boxes.contract.js';
import { WrongExpectedVersion, type Appended, type ExpectedRevision } from '#event-store/event-store.js';
import { KeyUnusable, StoreUnavailable } from '#event-store/handle-errors.js';
import { handle, type Handled } from '#event-store/handle.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import type { CashBox, CashBoxCommand, CashBoxEvent } from './cash-box.js';
import { PassingEventStore } from './passing-event-store.js';

type Answer = Handled<CashBox, CashBoxEvent>;

/** What was decided on a stale cache is appended wherever the stream stands now. */
class AppendsAnywhere extends PassingEventStore {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return super.append(stream, events, expected).catch((error: unknown) => {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      return this.append(stream, events, error.actual);
    });
  }
}

/** Every send is of new events. */
class NewIdsEachTime extends PassingEventStore {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return super.append(
      stream,
      events.map((event) => ({ ...event, id: randomUUID() })),
      expected,
    );
  }
}

/** After a lost answer the events are sent once more, as new ones, to wherever the stream stands. */
class SendsTwice extends PassingEventStore {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return super.append(stream, events, expected).catch((error: unknown) => {
      if (error instanceof WrongExpectedVersion) throw error;
      return new AppendsAnywhere(new NewIdsEachTime(this.inner)).append(stream, events, expected);
    });
  }
}

/** A lost answer counts as a yes. */
class TakesSilenceForYes extends PassingEventStore {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return super.append(stream, events, expected).catch((error: unknown): Appended => {
      if (error instanceof WrongExpectedVersion) throw error;
      const revision = (expected === 'no_stream' ? -1 : expected) + events.length;
      return { revision, position: { incarnation: 1, number: 0 }, recordedAt: '' };
    });
  }
}

/** Each event is an append of its own, wherever an answer begins or ends. */
class CutsAnywhere extends PassingEventStore {
  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    let at: readonly [ExpectedRevision, string | undefined] = [expected, after];
    let appended: Appended | undefined;
    for (const event of events) {
      appended = await super.append(stream, [event], ...at);
      at = [appended.revision, event.id];
    }
    return appended ?? super.append(stream, [], expected, after);
  }
}

/** Forgets which messages the stream has answered as soon as it is read. */
class DropsWatermarks extends PassingEventStore {
  override async *read(stream: string, fromRevision?: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of super.read(stream, fromRevision))
      yield page.map((event) =>
        event.cause.kind === 'message'
          ? { ...event, cause: { ...event.cause, position: { incarnation: 0, number: 0 } } }
          : event,
      );
  }
}

/** Names no event that an append goes on from. */
class TrustsRevisions extends PassingEventStore {
  override append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> {
    return this.inner.append(stream, events, expected);
  }
}

/** Decides on what was seen last, and answers with that unless there is something to append. */
function trustingTheCache(answersFromCache: (decided: readonly CashBoxEvent[] | Error) => boolean): Handling {
  return (store, decider, options) => {
    const sound = handle(store, decider, options);
    const seen = new Map<string, Answer>();
    const decided = (box: CashBox, command: CashBoxCommand): readonly CashBoxEvent[] | Error => {
      try {
        return decider.decide(box, command);
      } catch (error) {
        return error as Error;
      }
    };
    return {
      ...sound,
      async command(stream, command, context) {
        const known = seen.get(stream);
        const outcome = known && decided(known.state, command);
        if (known && outcome && answersFromCache(outcome)) {
          if (outcome instanceof Error) throw outcome;
          return { ...known, events: [] };
        }
        const answer = await sound.command(stream, command, context);
        seen.set(stream, answer);
        return answer;
      },
    };
  };
}

/** Sees messages otherwise than they came. */
function misreading(misread: (message: Message) => Message): Handling {
  return (store, decider, options) => {
    const sound = handle(store, decider, options);
    return {
      ...sound,
      messages: (stream, messages, toCommand) => sound.messages(stream, messages.map(misread), toCommand),
    };
  };
}

const swallowing: Handling = (store, decider, options) => {
  const decide: typeof decider.decide = (box, command) => {
    try {
      return decider.decide(box, command);
    } catch {
      return [];
    }
  };
  const lenient = handle(store, { ...decider, decide }, options);
  return {
    ...handle(store, decider, options),
    messages: (stream, messages, toCommand) => lenient.messages(stream, messages, toCommand),
  };
};

/** What stands in for `handle` with one fault each, by the fault; its contract must fail on every one. */
export const brokenHandles = {
  'refuses from a stale cache': trustingTheCache(isDomainRefusal),
  'takes a no-op from a stale cache': trustingTheCache(
    (decided) => !(decided instanceof Error) && decided.length === 0,
  ),
  'appends what a stale cache decided': (store, decider, options) =>
    handle(new AppendsAnywhere(store), decider, options),
  'makes new event ids for each try': (store, decider, options) =>
    handle(new NewIdsEachTime(store), decider, options),
  'sends once more under new ids when an answer is lost': (store, decider, options) =>
    handle(new SendsTwice(store), decider, options),
  'takes a lost answer for a yes': (store, decider, options) =>
    handle(new TakesSilenceForYes(store), decider, options),
  'answers a repeated command anew': (store, decider, options) => {
    const sound = handle(store, decider, options);
    return {
      ...sound,
      command: (stream, command, context) =>
        sound.command(stream, command, { ...context, commandId: randomUUID() }),
    };
  },
  'drops the watermark': (store, decider, options) => handle(new DropsWatermarks(store), decider, options),
  'cuts a large batch anywhere': (store, decider, options) =>
    handle(new CutsAnywhere(store), decider, options),
  'stops behind a message that needs no event': (store, decider, options) => {
    const sound = handle(store, decider, options);
    return {
      ...sound,
      messages: async (stream, messages, toCommand) => {
        let { state } = await sound.load(stream);
        const idle = messages.findIndex((message) => {
          const command = toCommand(message);
          const events = command === undefined ? [] : decider.decide(state, command);
          state = events.reduce((box, event) => decider.evolve(box, event), state);
          return events.length === 0;
        });
        return sound.messages(stream, idle < 0 ? messages : messages.slice(0, idle), toCommand);
      },
    };
  },
  'parks nothing': swallowing,
  'parks what fails and not what follows of it': misreading((message) => ({
    ...message,
    subject: `${message.subject} ${message.id}`,
  })),
  'takes an outage for a stream that cannot be used': (store, decider, options) => {
    const sound = handle(store, decider, options);
    return {
      ...sound,
      messages: (stream, messages, toCommand) =>
        sound.messages(stream, messages, toCommand).catch((error: unknown) => {
          throw error instanceof StoreUnavailable ? new KeyUnusable(stream, 'no answer') : error;
        }),
    };
  },
  'trusts a revision whatever event stands there': (store, decider, options) =>
    handle(new TrustsRevisions(store), decider, options),
  'folds what it does not know': (store, decider, options) =>
    handle(
      store,
      { ...decider, evolve: (box, event) => (decider.evolve(box, event) as CashBox | undefined) ?? box },
      options,
    ),
} as const satisfies Record<string, Handling>;
