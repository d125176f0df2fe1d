import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Inbox, MessageParked } from '#kernel/inbox.js';
import type { Message } from '#kernel/message.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { appendFirmly } from './appending.js';
import { Conflicts } from './conflicts.js';
import type { EventStore } from './event-store.js';
import { reasonOf, StoreUnavailable } from './handle-errors.js';
import { MessageAnswers, type Answer, type Answering, type ToCommand } from './message-answers.js';
import type { Folded } from './stream-fold.js';

/** A parked message that was taken up again and fails still. */
export interface StillFailing {
  readonly messageId: string;
  readonly type: string;
  readonly subject: string;
  /** What it fails on: an error's name and text, without anything that could be data. */
  readonly reason: string;
}

/** What came of taking parked messages up again. */
export interface Replay {
  /** Messages that went through. */
  readonly replayed: number;
  /** The first of each subject that does not go through. */
  readonly failed: readonly StillFailing[];
  /** Messages that stay parked, those that failed and those behind them. */
  readonly waiting: number;
}

/** Takes parked messages up again, as `Handler.replayParked` promises it. */
export class ParkedMessages<State, Command, Event extends DomainEvent> {
  constructor(
    private readonly store: EventStore,
    private readonly answering: Answering<State, Command, Event>,
    private readonly conflictDeadlineMs: number,
  ) {}

  /** Looks anew after each one, since messages may be parked behind it meanwhile. */
  async replay(stream: string, toCommand: ToCommand<Command>, subject?: string): Promise<Replay> {
    const { fold } = this.answering;
    const answers = new MessageAnswers(this.answering, stream, toCommand);
    const conflicts = new Conflicts(this.conflictDeadlineMs);
    const failed = new Map<string, StillFailing>();
    for (let replayed = 0; ;) {
      const folded = await fold.fresh(stream);
      const asked = parkedIn(folded.inbox, subject);
      const next = asked.find((parked) => !failed.has(parked.subject));
      if (!next) return { replayed, failed: [...failed.values()], waiting: asked.length };
      const message = await this.messageAt(stream, next.revision);
      const answer = this.tried(answers, folded, message, stream);
      if ('reason' in answer) {
        failed.set(next.subject, answer);
        continue;
      }
      try {
        await appendFirmly(this.store, stream, answer.events, folded.revision, folded.lastEventId);
        await fold.keep(stream, answer.folded);
        conflicts.progressed();
        replayed += 1;
      } catch (error) {
        await conflicts.after(error);
      }
    }
  }

  private tried(
    answers: MessageAnswers<State, Command, Event>,
    folded: Folded<State>,
    message: Message,
    stream: string,
  ): Answer<State> | StillFailing {
    try {
      return answers.replay(folded, message);
    } catch (error) {
      this.answering.onParked({ stream, message, why: 'again', error });
      const { id: messageId, type, subject } = message;
      return { messageId, type, subject, reason: reasonOf(error) };
    }
  }

  private async messageAt(stream: string, revision: number): Promise<Message> {
    const event = await this.eventAt(stream, revision);
    if (event?.type === 'MessageParked') return (event.data as MessageParked['data']).message;
    throw new InvariantViolation(`${stream} has no parked message at revision ${String(revision)}`);
  }

  private async eventAt(stream: string, revision: number): Promise<RecordedEvent | undefined> {
    try {
      for await (const [event] of this.store.read(stream, revision)) return event;
    } catch (cause) {
      throw new StoreUnavailable(stream, cause);
    }
    return undefined;
  }
}

/** What waits, of one subject where one is asked for, in the order parked. */
function parkedIn(
  inbox: Inbox,
  subject: string | undefined,
): readonly { readonly subject: string; readonly revision: number }[] {
  return Object.values(inbox.parked)
    .filter((parked) => subject === undefined || parked.subject === subject)
    .sort((a, b) => a.revision - b.revision);
}
