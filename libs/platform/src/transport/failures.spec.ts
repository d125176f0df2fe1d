import { describe, expect, it } from '@jest/globals';
import { BacklogUnknown } from '#messaging/backlog.js';
import { mayPass } from './failures.js';

describe('whether a failure may pass by itself', () => {
  it('says so of an engine that is away or busy, wherever in the causes it stands', () => {
    const unknown = new BacklogUnknown('the brokers do not tell');
    for (const error of [unknown, new Error('asking', { cause: unknown }), { code: '40001' }])
      expect(mayPass(error)).toBe(true);
  });

  it('does not say so of anything else', () => {
    for (const error of [new RangeError('nobody publishes t'), { code: '23505' }, 'away', undefined])
      expect(mayPass(error)).toBe(false);
  });
});
