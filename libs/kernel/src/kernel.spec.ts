import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateInZone, isLocalDate, localDate } from './dates.js';
import type { RecordedEvent } from './domain-event.js';
import { emptyInbox, evolveInbox, isInboxEvent } from './inbox.js';
import { canonicalJson } from './json.js';
import { isMinorAmount, minus, money, moneyJson, plus } from './money.js';
import { comparePositions, formatPosition } from './position.js';

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units at every depth and writes no white space', () => {
    expect(canonicalJson({ b: [1, { z: null, a: true }], a: 'đ', ﬀ: 1, '😀': 2 })).toBe(
      '{"a":"đ","b":[1,{"a":true,"z":null}],"😀":2,"ﬀ":1}',
    );
  });

  it('sorts keys that look like numbers as text, and takes __proto__ for a key like any other', () => {
    const value: unknown = JSON.parse('{"b":0,"9":1,"__proto__":{"2":2,"10":[3]},"10":4}');
    expect(canonicalJson(value)).toBe('{"10":4,"9":1,"__proto__":{"10":[3],"2":2},"b":0}');
  });

  it('gives the same text whatever order the keys came in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { verbose: 1 },
    );
  });

  it('orders the keys of small objects and of large ones alike, as sort does', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(names, (drawn) => {
        const keys = drawn.filter((name) => name.isWellFormed() && name !== '__proto__');
        const members = [...keys].sort().map((name) => `${JSON.stringify(name)}:0`);
        const value = Object.fromEntries(keys.map((name) => [name, 0]));
        expect(canonicalJson(value)).toBe(`{${members.join(',')}}`);
      }),
    );
  });

  it.each([
    ['a hole in a list', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['undefined inside', { a: undefined }],
    ['a bigint', { a: 1n }],
    ['NaN', [Number.NaN]],
    ['a Date', { at: new Date(0) }],
    ['a lone surrogate', ['\ud800']],
    ['a function', () => 1],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('money', () => {
  it.each(['0', '7', '-7', '500000', '9'.repeat(30)])('takes %s as a count of minor units', (text) => {
    expect(isMinorAmount(text)).toBe(true);
    expect(moneyJson(money({ amount: text, currency: 'VND' })).amount).toBe(text);
  });

  it.each(['', '-0', '+1', '01', '1.0', '1e3', '1_000', ' 1', '１２', '٣', '1'.repeat(31), '0x1'])(
    'refuses %j as a count of minor units',
    (text) => {
      expect(isMinorAmount(text)).toBe(false);
    },
  );

  it('adds and subtracts exactly far beyond 2^53, and never across currencies', () => {
    const big = money({ amount: '9007199254740993', currency: 'VND' });
    expect(moneyJson(plus(big, big)).amount).toBe('18014398509481986');
    expect(minus(big, big).minor).toBe(0n);
    expect(() => plus(big, money({ amount: '1', currency: 'USD' }))).toThrow('do not add up');
  });
});

describe('dates', () => {
  it.each(['2024-02-29', '2025-12-31', '1900-01-01', '2200-12-31'])('knows %s', (text) => {
    expect(isLocalDate(text)).toBe(true);
  });

  it.each([
    ...['2025-02-29', '2025-13-01', '2025-1-1', '20250101', '2025-01-01T00:00:00Z', ''],
    ...['0000-01-01', '0001-01-01', '1899-12-31', '2201-01-01', '9999-12-31', '+010000-01-01'],
  ])('refuses %j', (text) => {
    expect(isLocalDate(text)).toBe(false);
  });

  it.each(['0000-01-01', '9999-12-31'])('reads %s where it was recorded before', (text) => {
    expect(localDate(text)).toBe(text);
    expect(() => localDate('2025-02-29')).toThrow('not a date: 2025-02-29');
  });

  it('turns the year at midnight in the fund’s zone, not in UTC', () => {
    expect(dateInZone('2024-12-31T16:59:59.999Z')).toBe('2024-12-31');
    expect(dateInZone('2024-12-31T17:00:00Z')).toBe('2025-01-01');
  });

  it('does not rest on the instant asked for before, in either direction, across a midnight that came twice', () => {
    // There the clocks went back at 00:01, so that one minute lay between two parts of the day before.
    const story = [
      '02:29:59.999',
      '02:30:00',
      '02:30:59.999',
      '02:31:00',
      '02:30:30',
      '02:29:30',
      '02:31:20',
    ];
    const dates = story.map((time) => dateInZone(`2010-11-07T${time}Z`, 'America/St_Johns'));
    expect(dates.map((date) => date.slice(-2))).toEqual(['06', '07', '07', '06', '07', '06', '06']);
    expect(dateInZone('2010-11-07T02:31:20Z', 'Asia/Tokyo')).toBe('2010-11-07');
  });
});

describe('positions', () => {
  it('order by incarnation first', () => {
    expect(comparePositions({ incarnation: 2, number: 1 }, { incarnation: 1, number: 99 })).toBeGreaterThan(
      0,
    );
    expect(comparePositions({ incarnation: 1, number: 3 }, { incarnation: 1, number: 3 })).toBe(0);
    expect(formatPosition({ incarnation: 2, number: 17 })).toBe('2.17');
  });
});

describe('the inbox', () => {
  const base = {
    id: 'e',
    stream: 's',
    schemaVersion: 1,
    cursor: '1',
    recordedAt: '2025-01-01T00:00:00Z',
    position: { incarnation: 1, number: 1 },
    actor: 'service:ledger',
    correlationId: 'c',
    salt: 's',
  } as const;
  const answer = (revision: number, number: number, type = 'Posted', data: object = {}): RecordedEvent => ({
    ...base,
    revision,
    type,
    data,
    commandId: `m${String(number)}`,
    cause: {
      kind: 'message',
      topic: 't',
      position: { incarnation: 1, number },
      eventId: `m${String(number)}`,
    },
  });
  const parked = (revision: number, number: number): RecordedEvent =>
    answer(revision, number, 'MessageParked', {
      message: { id: `m${String(number)}`, subject: 'd1', topic: 't' },
      reason: 'boom',
    });

  it('keeps the highest position answered, whatever is replayed later', () => {
    const inbox = [answer(0, 5), parked(1, 6), answer(2, 9), answer(3, 6)].reduce(evolveInbox, emptyInbox);
    expect(inbox.watermarks).toEqual({ t: { incarnation: 1, number: 9 } });
  });

  it('remembers what is parked until it is replayed', () => {
    const waiting = [parked(0, 6), parked(1, 7)].reduce(evolveInbox, emptyInbox);
    expect(Object.keys(waiting.parked)).toEqual(['m6', 'm7']);
    const replayed = answer(2, 6, 'MessageReplayed', { messageId: 'm6', topic: 't' });
    expect(Object.keys(evolveInbox(waiting, replayed).parked)).toEqual(['m7']);
    expect(isInboxEvent(replayed)).toBe(true);
    expect(isInboxEvent(answer(0, 1))).toBe(false);
  });

  it('remembers the first event and the digest of each command', () => {
    const made = (revision: number): RecordedEvent => ({
      ...base,
      revision,
      type: 'Opened',
      data: {},
      commandId: 'k',
      commandDigest: 'h',
      cause: { kind: 'command', id: 'k' },
    });
    expect([made(3), made(4)].reduce(evolveInbox, emptyInbox).commands.toJSON()).toEqual({
      k: { revision: 3, digest: 'h' },
    });
  });
});
