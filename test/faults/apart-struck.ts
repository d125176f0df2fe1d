import { expect } from '@jest/globals';
import type { ApartLife } from './apart-life.js';
import type { Fault } from './fault.js';
import { invariantsOf, tableOf } from './invariants.js';

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** Lets a fault strike services that run apart, waits until everything has come to its end, and looks at what must hold. */
export async function struckApart(
  life: ApartLife,
  { name, strike }: Fault<ApartLife>,
  isTold: boolean,
): Promise<void> {
  const began = performance.now();
  try {
    await strike(life);
    const events = await life.settled();
    const invariants = await invariantsOf(life.scene, events);
    const broken = invariants.filter((invariant) => invariant.broken.length > 0);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const { acknowledged, unanswered } = life.client;
    const tries = `${String(acknowledged.length)} acknowledged, ${String(unanswered)} tries unanswered`;
    const counts = `${String(invariants.length)} invariants; ${tries}, ${String(events.length)} events`;
    tell(`${broken.length === 0 ? '✓' : '✗'} apart: ${name}: ${counts}; ${seconds} s`);
    if (isTold || broken.length > 0) tell(tableOf(invariants));
    expect(broken).toEqual([]);
    // What has been asked again once need not be after every fault that follows.
    life.client.forget(() => true);
  } catch (error) {
    tell(`✗ apart: ${name}: ${String(error)}; what the processes said last:\n${life.lastWords}`);
    throw error;
  }
}
