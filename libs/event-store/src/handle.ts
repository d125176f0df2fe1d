import type { Decider } from '#kernel/decider.js';
import type { Actor, DomainEvent, NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Inbox } from '#kernel/inbox.js';
import type { Message } from '#kernel/message.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { appendFirmly } from './appending.js';
import { Conflicts } from './conflicts.js';
import type { EventStore, ExpectedRevision } from './event-store.js';
import { isOutage } from './handle-errors.js';
import { MessageDoor } from './handle-messages.js';
import { ParkedMessages, type Replay } from './handle-parked.js';
import type { ParkedMessage, ToCommand } from './message-answers.js';
import type { Snapshots } from './snapshots.js';
import { Stamps } from './stamps.js';
import { StreamFold, type Folded } from './stream-fold.js';

/** Who asked, under which id, and what for. */
export interface CommandContext {
  readonly actor: Actor;
  /** Equal for every repeat of one command; see `commandIdOf`. */
  readonly commandId: string;
  /** Keyed digest of the command's body, by which another body under the same id is told apart. */
  readonly digest?: string;
  readonly correlationId: string;
  /** The event that made a service give itself the command later, such as by a due date; absent where a person asked. */
  readonly afterEventId?: string;
}

/** The answer to a command. */
export interface Handled<State, Event extends DomainEvent> {
  /** The aggregate as it stands now. */
  readonly state: State;
  /** Revision of the stream's last event; −1 when a no-op left it without any. */
  readonly revision: number;
  /**
   * The events that this command made, now or the first time when repeated, as stored; empty for a no-op. Nothing resumes
   * from a command: `cursor` is empty where the event was made just now.
   */
  readonly events: readonly RecordedEvent<Event>[];
  readonly repeated: boolean;
}

/** A stream folded up to its last event. */
export interface Loaded<State> {
  readonly state: State;
  readonly inbox: Inbox;
  readonly revision: ExpectedRevision;
}

/** The three ways to one kind of aggregate. */
export interface Handler<State, Command, Event extends DomainEvent> {
  /**
   * A person's command, answered once per `context.commandId`. Throws `DomainRefusal` (also `idempotency/body-differs`),
   * `WrongExpectedVersion` when others kept writing until the deadline, `StoreBusy`, `StoreUnavailable`.
   */
  command(stream: string, command: Command, context: CommandContext): Promise<Handled<State, Event>>;
  /**
   * The answer to a command that stands in the stream already, without looking at the command; undefined for a new one.
   * For commands that rest on facts which may have changed since. Throws `DomainRefusal` `idempotency/body-differs`.
   */
  repeated(stream: string, context: CommandContext): Promise<Handled<State, Event> | undefined>;
  /**
   * Messages meant for this stream, in order: drops those answered, parks those whose decision throws and what follows
   * of their subject, appends the rest in parts of at most 1 MiB. Throws `KeyUnusable` when the stream takes no more.
   */
  messages(stream: string, messages: readonly Message[], toCommand: ToCommand<Command>): Promise<void>;
  /** The stream folded now; at `no_stream` when it has no events. */
  load(stream: string): Promise<Loaded<State>>;
  /**
   * Takes parked messages up again in the order parked (all, or of one subject). One that still fails stays parked and
   * stops its subject; the answer says which and why.
   */
  replayParked(stream: string, toCommand: ToCommand<Command>, subject?: string): Promise<Replay>;
}

/** How a service handles its commands. */
export interface HandleOptions {
  /** Answers messages as actor `service:<name>`. */
  readonly service: string;
  /** Makes a fresh UUID; `newId`. */
  readonly ids: () => string;
  /** Streams kept folded in memory; 1,000 when absent. */
  readonly cacheStreamsMax?: number;
  /** How long a conflict is retried without progress, in milliseconds; 2,000 when absent. */
  readonly conflictDeadlineMs?: number;
  /** None when absent: every stream is then folded from its start after a restart. */
  readonly snapshots?: Snapshots;
  /** Told of every message once it stands parked, and of each replay that fails again; must not throw. */
  readonly onParked?: (parked: ParkedMessage) => void;
}

/**
 * Everything between a command and its events in the store: load, decide, append at the revision seen, retry. An append
 * may rest on what is kept in memory; a refusal, a no-op or a repeat is always decided on freshly read state.
 */
export function handle<State, Command, Event extends DomainEvent>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  options: HandleOptions,
): Handler<State, Command, Event> {
  const { service, ids, cacheStreamsMax = 1_000, conflictDeadlineMs = 2_000, snapshots } = options;
  const { onParked = () => undefined } = options;
  const fold = new StreamFold<State, Event>(store, decider, cacheStreamsMax, snapshots);
  const commands = new CommandDoor(store, decider, fold, ids, conflictDeadlineMs);
  const answering = { decider, fold, ids, service, onParked };
  const messages = new MessageDoor(store, answering, conflictDeadlineMs);
  const parked = new ParkedMessages(store, answering, conflictDeadlineMs);
  return {
    command: (stream, command, context) => commands.handle(stream, command, context),
    repeated: (stream, context) => commands.repeated(stream, context),
    messages: (stream, batch, toCommand) => messages.handle(stream, batch, toCommand),
    load: (stream) => fold.fresh(stream),
    replayParked: (stream, toCommand, subject) => parked.replay(stream, toCommand, subject),
  };
}

class CommandDoor<State, Command, Event extends DomainEvent> {
  constructor(
    private readonly store: EventStore,
    private readonly decider: Decider<State, Command, Event>,
    private readonly fold: StreamFold<State, Event>,
    private readonly ids: () => string,
    private readonly conflictDeadlineMs: number,
  ) {}

  async handle(stream: string, command: Command, context: CommandContext): Promise<Handled<State, Event>> {
    const conflicts = new Conflicts(this.conflictDeadlineMs);
    const stamps = new Stamps(this.ids);
    const early = await this.early(stream, command, context, stamps);
    if (early) return early;
    for (;;) {
      const folded = await this.fold.fresh(stream);
      const repeat = await this.repeat(stream, folded, context);
      if (repeat) return repeat;
      const events = this.decide(folded, command, context, stamps);
      if (events.length === 0) return answer(folded, [], false);
      try {
        return await this.append(stream, folded, events);
      } catch (error) {
        await conflicts.after(error);
      }
    }
  }

  async repeated(stream: string, context: CommandContext): Promise<Handled<State, Event> | undefined> {
    return this.repeat(stream, await this.fold.fresh(stream), context);
  }

  /**
   * Only an append may rest on the cache, or on there being no stream where none was ever seen; undefined when the stream
   * must be read first.
   */
  private async early(
    stream: string,
    command: Command,
    context: CommandContext,
    stamps: Stamps,
  ): Promise<Handled<State, Event> | undefined> {
    const supposed = this.fold.cached(stream) ?? this.fold.empty;
    if (supposed.inbox.commands.find(context.commandId)) return undefined;
    try {
      const events = this.decide(supposed, command, context, stamps);
      return events.length === 0 ? undefined : await this.append(stream, supposed, events);
    } catch (error) {
      if (isOutage(error)) throw error;
      return undefined;
    }
  }

  private decide(
    folded: Folded<State>,
    command: Command,
    context: CommandContext,
    stamps: Stamps,
  ): readonly NewEvent<Event>[] {
    const { actor, commandId, digest, correlationId, afterEventId } = context;
    return stamps.stamp(this.decider.decide(folded.state, command), {
      actor,
      commandId,
      ...(digest === undefined ? {} : { commandDigest: digest }),
      cause:
        afterEventId === undefined
          ? { kind: 'command', id: commandId }
          : { kind: 'event', eventId: afterEventId },
      correlationId,
    });
  }

  private async append(
    stream: string,
    folded: Folded<State>,
    events: readonly NewEvent<Event>[],
  ): Promise<Handled<State, Event>> {
    const planned = this.fold.planned(folded, stream, events);
    const next = this.fold.advance(folded, planned);
    const { position, recordedAt } = await appendFirmly(
      this.store,
      stream,
      events,
      folded.revision,
      folded.lastEventId,
    );
    await this.fold.keep(stream, next);
    const [only, ...others] = planned as readonly RecordedEvent<Event>[];
    if (only && others.length === 0) return answer(next, [{ ...only, position, recordedAt }], false);
    return answer(next, await this.made(stream, only?.revision ?? 0, only?.commandId), false);
  }

  private async repeat(
    stream: string,
    folded: Folded<State>,
    context: CommandContext,
  ): Promise<Handled<State, Event> | undefined> {
    const first = folded.inbox.commands.find(context.commandId);
    if (!first) return undefined;
    if (first.digest !== context.digest) throw new DomainRefusal('idempotency/body-differs');
    return answer(folded, await this.made(stream, first.revision, context.commandId), true);
  }

  /** The events of one command stand together: they were one append. */
  private async made(
    stream: string,
    from: number,
    commandId: string | undefined,
  ): Promise<RecordedEvent<Event>[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.store.read(stream, from)) {
      const others = page.findIndex((event) => event.commandId !== commandId);
      events.push(...(others < 0 ? page : page.slice(0, others)));
      if (others >= 0) break;
    }
    return events as RecordedEvent<Event>[];
  }
}

function answer<State, Event extends DomainEvent>(
  { state, revision }: Folded<State>,
  events: readonly RecordedEvent<Event>[],
  repeated: boolean,
): Handled<State, Event> {
  return { state, revision: revision === 'no_stream' ? -1 : revision, events, repeated };
}
