import type { LinkName, Step, Turn } from './scheduled-steps.js';

const given = (fund: number): Step => ({
  ...{ kind: 'donate', fund, amount: 1, account: 'cash', purpose: 'unrestricted', isInKind: false },
});
const delivered = (fund: number, ahead: number, link: LinkName = 'donations to ledger'): Step => ({
  ...{ kind: 'deliver', link, fund, count: 1, ahead, isNoted: true },
});
const one = (step: Step): Turn => ({ kind: 'one', step });
const two = (...steps: readonly [Step, Step]): Turn => ({ kind: 'two', steps, turns: [0, 0, 0, 0] });

const donate = one(given(0));
const deliver = (ahead: number): Turn => one(delivered(0, ahead));

/** Schedules that once broke a rule, by what was wrong; shrunk, and played again ever since. */
export const keptSchedules: Readonly<Record<string, readonly Turn[]>> = {
  'a key held for a missing message was let go without it, and the message was then taken for answered': [
    donate,
    deliver(0),
    donate,
    donate,
    deliver(1),
    { kind: 'one', step: { kind: 'release' } },
  ],
  'a process that had died told its successor what had passed': [
    donate,
    two(delivered(0, 0, 'ledger to receipts'), given(1)),
    donate,
    two(
      { kind: 'die', service: 'ledger', at: 'before', after: 2 },
      { kind: 'close period', fund: 0, through: '2024-06-30' },
    ),
    two(delivered(0, 0), delivered(1, 0)),
    one({ kind: 'match', which: 0, to: 'donor' }),
    two(delivered(0, 1), { kind: 'ask to reopen', fund: 0, from: '2024-06-30' }),
    deliver(0),
  ],
};
