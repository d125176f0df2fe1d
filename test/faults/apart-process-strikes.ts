import { setTimeout as delay } from 'node:timers/promises';
import { failPointNames } from '#platform/fail-points.js';
import { eventually } from '#testing/eventually.js';
import { serviceNames, type ServiceName } from '../apart/apart.js';
import type { ApartLife } from './apart-life.js';
import type { Fault } from './fault.js';
import { dyingAt } from './strikes.js';

/** Longer than a member of a group may be silent, with the settings of these tests. */
export const pastSessionMs = 9_000;
/** Returned mails come to one port, which the first instance has. */
const alone = { BOUNCES_PORT: '' };
const joinsWithinMs = { withinMs: 60_000, everyMs: 100 };

/** Whoever comes there dies, is started again, and people ask again. */
const diesAtFailPoint: readonly Fault<ApartLife>[] = failPointNames.map(dyingAt);

/** Nobody chooses the moment. */
function killed(name: ServiceName): Fault<ApartLife> {
  return {
    name: `kill -9 of ${name} at any moment`,
    strike: async (life) => {
      await life.start();
      const played = life.play();
      await life.underLoad();
      await delay(life.draws.below(300));
      await life.apart.signal(name, 'SIGKILL');
      await life.start();
      await played;
    },
  };
}

/** Without another instance its share waits for it; it wakes to a group that has dropped it. */
function frozenAlone(name: ServiceName): Fault<ApartLife> {
  return {
    name: `${name} frozen past its session, and woken`,
    strike: async (life) => {
      await life.start();
      const played = life.play();
      await life.underLoad();
      await life.apart.signal(name, 'SIGSTOP');
      await delay(pastSessionMs);
      await life.apart.signal(name, 'SIGCONT');
      await played;
    },
  };
}

/** The other instance has taken over and gone on by the time it wakes, in the middle of what it did. */
function zombie(name: ServiceName): Fault<ApartLife> {
  const second = `${name}-2`;
  return {
    name: `${name} frozen in the middle of its work, and woken after a second instance took over`,
    strike: async (life) => {
      await life.start();
      life.apart.start(name, second, alone);
      await eventually(() => joined(life, second), joinsWithinMs);
      const played = life.play();
      await life.underLoad();
      await life.apart.signal(second, 'SIGSTOP');
      await played;
      await life.settled();
      await life.apart.signal(second, 'SIGCONT');
      await life.play();
      await life.settled();
      await life.apart.signal(second, 'SIGTERM');
    },
  };
}

/** Both publish and both read until one is killed in the middle. */
const twoOfEach: Fault<ApartLife> = {
  name: 'two publishers of every topic at once, one of which is killed',
  strike: async (life) => {
    const owners = serviceNames.filter((name) => name !== 'gateway');
    await life.start();
    for (const name of owners) life.apart.start(name, `${name}-2`, alone);
    for (const name of owners) await eventually(() => joined(life, `${name}-2`), joinsWithinMs);
    await life.play();
    const played = life.play();
    await life.underLoad();
    for (const name of owners)
      await life.apart.signal(life.draws.below(2) === 0 ? name : `${name}-2`, 'SIGKILL');
    await life.start();
    await played;
    await life.settled();
    for (const name of owners) await life.apart.signal(`${name}-2`, 'SIGTERM');
  },
};

/** One after the other, as a release is rolled out; nobody is asked twice for an answer that was given. */
const rolled: Fault<ApartLife> = {
  name: 'every service stopped and started again, one after the other',
  strike: async (life) => {
    await life.start();
    const played = life.play();
    for (const name of serviceNames) {
      await life.apart.signal(name, 'SIGTERM');
      await life.start();
    }
    await played;
  },
};

/** It has said that it answers. */
function joined({ apart }: ApartLife, as: string): void {
  if (!apart.said(as).includes('http://')) throw new Error(`${as} is not up: ${apart.said(as)}`);
}

/** Processes that are killed, frozen, doubled and rolled. */
export const ofProcesses: readonly Fault<ApartLife>[] = [
  ...serviceNames.map(killed),
  frozenAlone('ledger'),
  frozenAlone('donations'),
  frozenAlone('receipts'),
  zombie('ledger'),
  zombie('receipts'),
  twoOfEach,
  rolled,
];

/** Each service killed by itself at each of its fail-points. */
export const atFailPointsApart = diesAtFailPoint;
