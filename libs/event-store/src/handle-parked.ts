import type { DomainEvent } from '#kernel/domain-event.js';
import type { Inbox, MessageParked } from '#kernel/inbox.js';
import type { Message } from '#kernel/message.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { appendFirmly } from './appending.js';
import { Conflicts } from './conflicts.js';
import type { EventStore } from './event-store.js';
import { MessageAnswers, type Answer, type Answering, type ToCommand } from './message-answers.js';
import type { Folded } from './stream-fold.js';

/** Takes parked messages up again, as `Handler.replayParked` promises it. */
export class ParkedMessages<State, Command, Event extends DomainEvent> {
  constructor(
    private readonly store: EventStore,
    private readonly answering: Answering<State, Command, Event>,
    private readonly conflictDeadlineMs: number,
  ) {}

  /** Looks anew after each one, since messages may be parked behind it meanwhile. */
  async replay(stream: string, toCommand: ToCommand<Command>, subject?: string): Promise<number> {
    const { fold } = this.answering;
    const answers = new MessageAnswers(this.answering, stream, toCommand);
    const conflicts = new Conflicts(this.conflictDeadlineMs);
    const stuck = new Set<string>();
    for (let replayed = 0; ;) {
      const folded = await fold.fresh(stream);
      const next = firstParked(folded.inbox, subject, stuck);
      if (!next) return replayed;
      const message = await this.messageAt(stream, next.revision);
      const answer = tryReplay(answers, folded, message);
      if (!answer) {
        stuck.add(next.subject);
        continue;
      }
      try {
        await appendFirmly(this.store, stream, answer.events, folded.revision);
        await fold.keep(stream, answer.folded);
        conflicts.progressed();
        replayed += 1;
      } catch (error) {
        await conflicts.after(error);
      }
    }
  }

  private async messageAt(stream: string, revision: number): Promise<Message> {
    for await (const [event] of this.store.read(stream, revision)) {
      if (event?.type !== 'MessageParked') break;
      return (event.data as MessageParked['data']).message;
    }
    throw new InvariantViolation(`${stream} has no parked message at revision ${String(revision)}`);
  }
}

function firstParked(
  inbox: Inbox,
  subject: string | undefined,
  stuck: ReadonlySet<string>,
): { readonly subject: string; readonly revision: number } | undefined {
  return Object.values(inbox.parked)
    .filter((parked) => (subject === undefined || parked.subject === subject) && !stuck.has(parked.subject))
    .sort((a, b) => a.revision - b.revision)[0];
}

function tryReplay<State, Command, Event extends DomainEvent>(
  answers: MessageAnswers<State, Command, Event>,
  folded: Folded<State>,
  message: Message,
): Answer<State> | undefined {
  try {
    return answers.replay(folded, message);
  } catch {
    return undefined;
  }
}
