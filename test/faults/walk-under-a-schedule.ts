import { allChecks } from '#apps/cli/src/checks/all-checks.js';
import type { Handler } from '#event-store/handle.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { InMemoryLog } from '#event-store/in-memory/in-memory-log.js';
import { dateInZone, fundZone, type LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { ScheduledServices, type HandlingOf } from './scheduled-walk.js';
import { assertEnded } from './ended-walk.js';
import { CashCountsCheck, ClaimsCheck, OpenPeriodsCheck } from './accounting-checks.js';
import { ScheduledBankClerks } from './scheduled-bank-clerks.js';
import { ScheduledBookkeepers } from './scheduled-bookkeepers.js';
import { ScheduledImport } from './scheduled-import.js';
import { openings, ScheduledPeople } from './scheduled-people.js';
import { fundIds, fundOf, serviceOf, type Request } from './scheduled-request.js';
import { SeenByPeople } from './scheduled-sight.js';
import { isOfBooks, isOfStatements, type AccountingAsked } from './scheduled-accounting.js';
import { links, type Asked, type Step, type Turn } from './scheduled-steps.js';

/** The walk of donations in two funds, in memory, driven turn by turn, with every invariant looked at after every event. */
export class WalkUnderASchedule {
  readonly #log = new InMemoryLog();
  readonly #checks = [...allChecks(), new OpenPeriodsCheck(), new CashCountsCheck(), new ClaimsCheck()];
  readonly #services: ScheduledServices;
  readonly #requests: Request[] = [];
  /** Commands that were answered with events, and what the answer named. */
  readonly #acknowledged = new Map<string, string>();
  readonly #today = (): LocalDate => dateInZone(new Date(this.#now).toISOString(), fundZone);
  readonly #sight = new SeenByPeople(() => this.#log.after(0, this.#log.length));
  readonly #people = new ScheduledPeople(this.#today);
  readonly #clerks = new ScheduledBankClerks(this.#today, this.#sight);
  readonly #bookkeepers = new ScheduledBookkeepers(this.#today, this.#sight);
  #seen = 0;
  // New Year in Vietnam comes while the story goes on.
  #now = Date.parse('2024-12-31T16:56:00Z');

  private constructor(handling?: HandlingOf) {
    const clock = { now: () => new Date((this.#now += 5_000)) };
    const store = new InMemoryEventStore(clock, this.#log);
    this.#services = new ScheduledServices(store, clock, handling);
  }

  /** Two funds that are open, with nothing given yet. */
  static async begun(handling?: HandlingOf): Promise<WalkUnderASchedule> {
    const walk = new WalkUnderASchedule(handling);
    for (const opening of openings) await walk.#send(opening);
    walk.#look();
    return walk;
  }

  /** Lets the turns happen, then lets everything come to its end; throws where a rule is broken at any event between. */
  async play(turns: readonly Turn[]): Promise<void> {
    for (const turn of turns) {
      this.#services.turns = turn.kind === 'two' ? turn.turns : [];
      await (turn.kind === 'one'
        ? this.#happens(turn.step)
        : Promise.all(turn.steps.map((step) => this.#happens(step))));
      this.#look();
    }
    this.#services.turns = [];
    await this.#settle();
    assertEnded(this.#log.after(0, this.#log.length), this.#acknowledged);
  }

  async #happens(step: Step): Promise<void> {
    switch (step.kind) {
      case 'deliver': {
        const link = this.#services.links[step.link];
        const taken = link.deliver(fundOf(step.fund), step);
        await this.#services.in(this.#services.takerOf(step.link), taken);
        return;
      }
      case 'rewind':
        this.#services.links[step.link].rewind(fundOf(step.fund), step.by);
        return;
      case 'release':
        for (const link of links)
          await this.#services.in(this.#services.takerOf(link), this.#services.links[link].release());
        return;
      case 'restart':
        this.#services.restart(step.service);
        return;
      case 'die':
        this.#services.dieAt(step.service, step.at, step.after);
        return;
      case 'repeat': {
        const again = this.#requests[step.which % Math.max(1, this.#requests.length)];
        if (again) await this.#send(again);
        return;
      }
      case 'import':
        await this.#services.in('donations', this.#importing().import(step.which, step.rows));
        return;
      case 'enter items':
        await this.#services.in('donations', this.#importing().enterItems());
        return;
      default: {
        const request = this.#requestOf(step);
        if (!request) return;
        this.#requests.push(request);
        await this.#send(request);
      }
    }
  }

  #importing(): ScheduledImport {
    return new ScheduledImport(this.#services.streams, this.#sight, this.#today);
  }

  #requestOf(asked: Asked | AccountingAsked): Request | undefined {
    if (isOfStatements(asked)) return this.#clerks.requestOf(asked);
    if (isOfBooks(asked)) return this.#bookkeepers.requestOf(asked);
    return this.#people.requestOf(asked);
  }

  /** Sends a request as a person's program does; where no answer comes back nobody knows, and it may be sent again. */
  async #send({ to, stream, command, context: sent }: Request): Promise<void> {
    const handler = this.#services.handlers[to] as Handler<unknown, Request['command'], DomainEvent>;
    const answer = handler.command(stream, command, sent);
    const outcome = await this.#services.in(serviceOf[to], answer).catch((error: unknown) => {
      if (!isDomainRefusal(error)) throw error;
      return 'refused' as const;
    });
    const before = this.#acknowledged.get(sent.commandId);
    if (outcome === 'died') return;
    if (outcome === 'refused') {
      if (before !== undefined)
        throw new Error(`${command.type} was acknowledged, and refused when it came again`);
      return;
    }
    const named = outcome.events.map(({ id }) => id).join();
    if (before !== undefined && before !== named)
      throw new Error(`${command.type} was answered with ${before}, then with ${named}`);
    if (named !== '') this.#acknowledged.set(sent.commandId, named);
  }

  /** Looks at every event that is new, and after each append at what must hold then, and hands it to the links. */
  #look(): void {
    const events = this.#log.after(this.#seen, this.#log.length);
    for (const [index, event] of events.entries()) {
      this.#seen += 1;
      // The clock moves on with every append, so that one instant is one append.
      const isWhole = events[index + 1]?.recordedAt !== event.recordedAt;
      for (const check of this.#checks) {
        check.take(event);
        if (isWhole) check.end();
        const [finding] = check.findings;
        if (finding)
          throw new Error(`${check.id} at event ${String(this.#seen)} (${event.type}): ${finding.what.en}`);
      }
      for (const link of links) this.#services.links[link].publish(event);
    }
  }

  /** Everything that is still on its way arrives, in as many rounds as answers need. */
  async #settle(): Promise<void> {
    this.#services.restartAll();
    const { links: on } = this.#services;
    for (let rounds = 0; ; rounds += 1) {
      for (const name of links) {
        for (const fundId of fundIds)
          await on[name].deliver(fundId, { count: 1_000, ahead: 0, isNoted: true });
        await on[name].release();
      }
      await this.#importing().import(0, 1_000);
      await this.#importing().enterItems();
      this.#look();
      const done = await Promise.all(links.map((name) => on[name].isDone()));
      if (done.every(Boolean) && this.#importing().underWay().length === 0) return;
      if (rounds === 30) throw new Error('it never comes to an end');
    }
  }
}
