import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { laterOf } from './gaps.js';
import type { HeldKey, HoldStore } from './hold-store.js';

interface Hold {
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly heldAt: string;
  readonly messages: Map<string, Message>;
  passed: Position | undefined;
}

/** Holds for tests and the memory mode: every promise of the port but durability. */
export class InMemoryHoldStore implements HoldStore {
  private readonly holds = new Map<string, Hold>();
  private readonly letters = new Map<string, Position>();

  constructor(private readonly clock: { now(): Date }) {}

  async hold(
    topic: string,
    key: string,
    reason: string,
    messages: readonly Message[],
    passed?: Position,
  ): Promise<void> {
    const heldAt = this.clock.now().toISOString();
    const hold = this.find(topic, key) ?? { topic, key, reason, heldAt, messages: new Map(), passed };
    this.holds.set(nameOf(topic, key), hold);
    for (const message of messages) hold.messages.set(message.id, message);
  }

  async isHeld(topic: string, key: string): Promise<boolean> {
    return this.find(topic, key) !== undefined;
  }

  async divert(topic: string, key: string, messages: readonly Message[]): Promise<boolean> {
    const hold = this.find(topic, key);
    for (const message of messages) hold?.messages.set(message.id, message);
    return hold !== undefined;
  }

  async next(topic: string, key: string, max: number): Promise<readonly Message[]> {
    const messages = [...(this.find(topic, key)?.messages.values() ?? [])];
    return messages.sort((a, b) => comparePositions(a.position, b.position)).slice(0, max);
  }

  async passed(topic: string, key: string): Promise<Position | undefined> {
    return this.find(topic, key)?.passed;
  }

  async remove(topic: string, key: string, messages: readonly Message[]): Promise<void> {
    const hold = this.find(topic, key);
    if (!hold) return;
    for (const { id, position } of messages) {
      hold.messages.delete(id);
      hold.passed = laterOf(hold.passed, position);
    }
  }

  async letGo(topic: string, key: string): Promise<boolean> {
    if ((this.find(topic, key)?.messages.size ?? 0) > 0) return false;
    this.holds.delete(nameOf(topic, key));
    return true;
  }

  async noteReadAgain(topic: string, key: string, messages: readonly Message[]): Promise<void> {
    for (const { position } of messages) {
      const name = nameOf(topic, key);
      this.letters.set(name, laterOf(this.letters.get(name), position));
    }
  }

  async readAgain(topic: string, key: string): Promise<Position | undefined> {
    return this.letters.get(nameOf(topic, key));
  }

  async keys(): Promise<readonly HeldKey[]> {
    return [...this.holds.values()].map(({ passed: _passed, ...hold }) => ({
      ...hold,
      messages: hold.messages.size,
    }));
  }

  private find(topic: string, key: string): Hold | undefined {
    return this.holds.get(nameOf(topic, key));
  }
}

function nameOf(topic: string, key: string): string {
  return JSON.stringify([topic, key]);
}
