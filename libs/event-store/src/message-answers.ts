import type { Decider } from '#kernel/decider.js';
import type { DomainEvent, NewEvent } from '#kernel/domain-event.js';
import type { MessageParked, MessageReplayed } from '#kernel/inbox.js';
import type { Message } from '#kernel/message.js';
import { answerIdOf } from './command-id.js';
import { encodeEvent } from './encoding.js';
import { appendBytesMax, AppendTooLarge } from './event-store.js';
import { KeyUnusable, reasonOf } from './handle-errors.js';
import { Stamps, type Origin } from './stamps.js';
import type { Folded, StreamFold } from './stream-fold.js';

/** The command that a message means to a stream, or undefined where it does not concern it. */
export type ToCommand<Command> = (message: Message) => Command | undefined;

/** The most messages that one stream keeps parked. */
const parkedMax = 100;

/** A message that is parked in its stream, as those are told who must mend what it fails on. */
export interface ParkedMessage {
  readonly stream: string;
  readonly message: Message;
  /** `failed`: its decision threw; `behind`: it waits behind another of its subject; `again`: a replay threw too. */
  readonly why: 'failed' | 'behind' | 'again';
  /** What was thrown, as it was; undefined where it only waits behind another. */
  readonly error: unknown;
}

/** How a stream answers one message: its events, the stream folded with them, and their bytes of canonical data. */
export interface Answer<State> {
  readonly events: readonly NewEvent[];
  readonly folded: Folded<State>;
  readonly bytes: number;
  /** Where the answer is to park it. */
  readonly parked?: ParkedMessage;
}

/** Decides messages; what all answers of one service and aggregate have in common. */
export interface Answering<State, Command, Event extends DomainEvent> {
  readonly decider: Decider<State, Command, Event>;
  readonly fold: StreamFold<State, Event>;
  readonly ids: () => string;
  /** Name of the service, without `service:`. */
  readonly service: string;
  readonly onParked: (parked: ParkedMessage) => void;
}

/** The answers of one stream within one call; nothing is stored here, and ids are kept through the call's retries. */
export class MessageAnswers<State, Command, Event extends DomainEvent> {
  private readonly stamps = new Map<string, Stamps>();

  constructor(
    private readonly answering: Answering<State, Command, Event>,
    private readonly stream: string,
    private readonly toCommand: ToCommand<Command>,
  ) {}

  /** The events that the message leads to, or the one that parks it; throws {@link KeyUnusable} when 100 are parked. */
  decideOrPark(folded: Folded<State>, message: Message): Answer<State> {
    const parked = Object.values(folded.inbox.parked);
    if (parked.some(({ subject }) => subject === message.subject))
      return this.park(folded, message, 'behind', undefined);
    try {
      return this.answer(folded, message, this.outcome(folded, message));
    } catch (error) {
      return this.park(folded, message, 'failed', error);
    }
  }

  /** The outcome of a parked message, and that it was replayed; throws whatever still fails. */
  replay(folded: Folded<State>, message: Message): Answer<State> {
    const { id: messageId, topic, subject, key } = message;
    const replayed: MessageReplayed = { type: 'MessageReplayed', data: { messageId, topic, subject, key } };
    return this.answer(folded, message, [...this.outcome(folded, message), replayed]);
  }

  private outcome(folded: Folded<State>, message: Message): readonly DomainEvent[] {
    const command = this.toCommand(message);
    return command === undefined ? [] : this.answering.decider.decide(folded.state, command);
  }

  private park(
    folded: Folded<State>,
    message: Message,
    why: 'failed' | 'behind',
    error: unknown,
  ): Answer<State> {
    if (Object.keys(folded.inbox.parked).length >= parkedMax)
      throw new KeyUnusable(this.stream, `${String(parkedMax)} messages are parked`);
    const reason = why === 'behind' ? 'an earlier message of this subject is parked' : reasonOf(error);
    const event: MessageParked = { type: 'MessageParked', data: { message, reason } };
    const parked: ParkedMessage = { stream: this.stream, message, why, error };
    return { ...this.answer(folded, message, [event]), parked };
  }

  /** Folds the events and encodes them, so that what could not be stored or folded later fails now. */
  private answer(folded: Folded<State>, message: Message, decided: readonly DomainEvent[]): Answer<State> {
    const events = this.stampsOf(message).stamp(decided, this.originOf(message));
    const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(encodeEvent(event).data), 0);
    if (bytes > appendBytesMax) throw new AppendTooLarge(bytes);
    const { fold } = this.answering;
    return { events, bytes, folded: fold.advance(folded, fold.planned(folded, this.stream, events)) };
  }

  private stampsOf({ id }: Message): Stamps {
    const stamps = this.stamps.get(id) ?? new Stamps(this.answering.ids);
    this.stamps.set(id, stamps);
    return stamps;
  }

  private originOf({ id, topic, position, correlationId }: Message): Origin {
    return {
      actor: `service:${this.answering.service}`,
      commandId: answerIdOf(id, this.stream),
      cause: { kind: 'message', topic, position, eventId: id },
      correlationId,
    };
  }
}
