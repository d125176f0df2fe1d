import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Message } from '#kernel/message.js';
import { held as message } from './hold-store.contract.js';
import { alertParked } from './parked-alerts.js';
import { messagesParked } from './transport-metrics.js';

const canary = 'Lữ Thị Hiếm';
const parked = { stream: 'fund-1', message: { ...message(7), data: { payer: canary } } as Message };

function failing(): Error {
  const cause = new RangeError(`no such name: "${canary}"`);
  return new TypeError(`cannot post 500000 of '${canary}'\nin two lines`, { cause });
}

describe('what is parked', () => {
  const lines: string[] = [];
  beforeEach(() => {
    messagesParked.reset();
    lines.length = 0;
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each(['failed', 'again'] as const)('is one line of the log, with the stack and no data: %s', (why) => {
    alertParked('ledger')({ ...parked, why, error: failing() });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/Hiếm|500000|\n/);
    const { type, subject, topic } = parked.message;
    expect(JSON.parse(lines[0]!)).toEqual({
      event: 'message-parked',
      why,
      group: 'ledger',
      stream: 'fund-1',
      ...{ topic, type, subject, position: '1.7' },
      error: {
        reason: 'TypeError: cannot post … of …\nin two lines',
        stack: expect.arrayContaining([expect.stringMatching(/^at failing .*parked-alerts/)]),
        cause: {
          reason: 'RangeError: no such name: …',
          stack: expect.arrayContaining([expect.stringMatching(/^at failing .*parked-alerts/)]),
        },
      },
    });
  });

  it('behind another is counted and not logged', () => {
    alertParked('ledger')({ ...parked, why: 'behind', error: undefined });
    expect(lines).toEqual([]);
  });

  it('is counted by why', async () => {
    for (const why of ['failed', 'behind', 'behind'] as const)
      alertParked('ledger')({ ...parked, why, error: failing() });
    const { topic } = parked.message;
    expect((await messagesParked.get()).values).toEqual([
      { value: 1, labels: { group: 'ledger', topic, why: 'failed' } },
      { value: 2, labels: { group: 'ledger', topic, why: 'behind' } },
    ]);
  });
});
