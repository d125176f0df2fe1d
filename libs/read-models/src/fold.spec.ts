import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { aCount, jars } from '#testing/read-models.js';
import { compositeKey, keyParts } from './composite-key.js';
import { foldBatch, foldInto, foldProjection, ProjectionFailed } from './fold.js';
import type { Row } from './projection.js';
import { storedRow } from './row-values.js';

const at = (number: number, stream: string, amount: string, note?: string): RecordedEvent => ({
  ...aCount(amount, note),
  stream,
  revision: number,
  position: { incarnation: 1, number },
  cursor: String(number),
  recordedAt: '2025-05-29T01:00:00.000Z',
});

describe('foldProjection', () => {
  it('folds several inputs of one row in order and leaves out rows that are gone', () => {
    const rows = foldProjection(jars(), [
      at(1, 'jar-a', '9007199254740993'),
      at(2, 'jar-b', '5'),
      at(3, 'jar-a', '1', 'last'),
      at(4, 'jar-b', '0'),
    ]);
    expect([...rows.values()]).toEqual([
      { jar: 'jar-a', total: '9007199254740994', counts: 2, note: 'last' },
    ]);
  });

  it('gives the same rows however the inputs are cut into batches', () => {
    const amounts = fc.array(fc.tuple(fc.constantFrom('jar-a', 'jar-b', 'jar-c'), fc.nat({ max: 3 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(amounts, fc.nat({ max: 40 }), (counts, cut) => {
        const events = counts.map(([jar, amount], number) => at(number, jar, String(amount)));
        const rows = new Map<string, Row>();
        foldInto(jars(), rows, events.slice(0, cut));
        foldInto(jars(), rows, events.slice(cut));
        expect(new Map([...rows].sort())).toEqual(new Map([...foldProjection(jars(), events)].sort()));
      }),
    );
  });

  it('names the projection and the position of an input that cannot be folded', () => {
    const broken = jars({
      project: () => {
        throw new Error('no such jar');
      },
    });
    const fold = () => foldProjection(broken, [at(7, 'jar-a', '1')]);
    expect(fold).toThrow(ProjectionFailed);
    expect(fold).toThrow('pantry.jars at position 1.7: no such jar');
  });

  it('refuses a row that answers for another key', () => {
    const wrong = jars({ project: () => ({ jar: 'jar-z', total: '1', counts: 1, note: '' }) });
    expect(() => foldProjection(wrong, [at(1, 'jar-a', '1')])).toThrow('row jar-z answers for key jar-a');
  });
});

describe('foldBatch', () => {
  it('gives no row that the fold leaves as it is, so that it is not written again', () => {
    const rows = new Map<string, Row>();
    foldInto(jars(), rows, [at(1, 'jar-a', '1'), at(2, 'jar-b', '1')]);
    const only = jars({ project: (row, event) => (event.stream === 'jar-a' ? row : undefined) });
    const touches = ['jar-a', 'jar-b', 'jar-c'].map((key) => ({ input: at(3, key, '1'), keys: [key] }));
    expect([...foldBatch(only, touches, (key) => rows.get(key))]).toEqual([['jar-b', undefined]]);
  });
});

describe('storedRow', () => {
  const shape = {
    name: 'test.values',
    columns: {
      id: 'uuid',
      big: 'bigint',
      exact: 'numeric',
      whole: 'integer',
      yes: 'boolean',
      on: 'date',
      at: 'timestamptz',
      words: 'text[]',
      text: 'text',
    },
  } as const;
  const row = {
    id: '0B1C0F52-6D0F-5B7E-8F1A-3C2D4E5F6A7B',
    big: '007',
    exact: '-00.50',
    whole: 7,
    yes: true,
    on: '2025-05-29',
    at: '2025-05-29T01:00:00Z',
    words: ['măng', 'non'],
    text: 'a\0b\uD800',
  };

  it('writes values as PostgreSQL gives them back, NUL and lone surrogates replaced', () => {
    expect(storedRow(shape, row)).toEqual({
      ...row,
      id: '0b1c0f52-6d0f-5b7e-8f1a-3c2d4e5f6a7b',
      big: '7',
      exact: '-0.50',
      at: '2025-05-29T01:00:00.000Z',
      text: 'a\uFFFDb\uFFFD',
    });
  });

  it('writes a day of the year 0, which PostgreSQL does not have, as the first day that it has', () => {
    expect(storedRow(shape, { ...row, on: '0000-02-29' })).toMatchObject({ on: '0001-01-01' });
    expect(storedRow(shape, { ...row, on: '9999-12-31' })).toMatchObject({ on: '9999-12-31' });
  });

  it('keeps microseconds and the sign of nothing', () => {
    expect(
      storedRow(shape, { ...row, at: '2025-05-29T01:00:00.123456Z', exact: '-0.00', big: '-0' }),
    ).toMatchObject({
      at: '2025-05-29T01:00:00.123456Z',
      exact: '0.00',
      big: '0',
    });
  });

  it.each([
    ['big', '9223372036854775808'],
    ['big', 12],
    ['exact', '1e3'],
    ['whole', 2 ** 31],
    ['whole', 0.5],
    ['on', '2025-02-30'],
    ['at', '2025-05-29T01:00:00+07:00'],
    ['at', '2025-05-29 01:00'],
    ['id', 'LS'],
    ['words', 'măng'],
    ['text', 5],
  ])('refuses a %s of %p', (column, value) => {
    expect(() => storedRow(shape, { ...row, [column]: value })).toThrow(`test.values: ${column} is no`);
  });

  it('refuses a missing and an unknown column', () => {
    const { text: _text, ...rest } = row;
    expect(() => storedRow(shape, rest)).toThrow('text is missing');
    expect(() => storedRow(shape, { ...row, more: 1 })).toThrow('has no column more');
  });
});

describe('compositeKey', () => {
  it('gives back its parts, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('|', '\\', 'a', 'ă') }), { minLength: 1 }),
        (parts) => {
          expect(keyParts(compositeKey(...parts))).toEqual(parts);
        },
      ),
    );
  });

  it('reads plainly', () => {
    expect(compositeKey('LS', 'unrestricted', '2025-05-29')).toBe('LS|unrestricted|2025-05-29');
  });
});
