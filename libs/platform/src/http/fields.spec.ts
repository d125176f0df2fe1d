import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import {
  IsChoice,
  IsChoices,
  IsDay,
  IsFlag,
  IsId,
  IsInstant,
  IsListOf,
  IsMail,
  IsMoney,
  IsPart,
  IsPattern,
  IsText,
  IsWhole,
  type MoneyBody,
} from './fields.js';
import { RequestFault } from './request-fault.js';
import { validationPipe } from './validation.js';

class PartBody {
  @IsText({ max: 5 })
  readonly text!: string;
}

class EveryBody {
  @IsMoney({ optional: true })
  readonly money?: MoneyBody;

  @IsMoney({ optional: true, signed: true })
  readonly change?: MoneyBody;

  @IsDay({ optional: true })
  readonly day?: string;

  @IsInstant({ optional: true })
  readonly instant?: string;

  @IsId({ optional: true })
  readonly id?: string;

  @IsMail({ optional: true })
  readonly mail?: string;

  @IsText({ optional: true, max: 20, multiline: true })
  readonly lines?: string;

  @IsPattern(/[A-Z]{2,4}/, { optional: true })
  readonly code?: string;

  @IsChoice(['cash', 'bank'], { optional: true })
  readonly method?: string;

  @IsChoices(['a', 'b'], { optional: true })
  readonly some?: readonly string[];

  @IsWhole({ optional: true, min: 1, max: 9 })
  readonly count?: number;

  @IsFlag({ optional: true })
  readonly flag?: boolean;

  @IsPart(() => PartBody, { optional: true })
  readonly part?: PartBody;

  @IsListOf(() => PartBody, { optional: true, min: 1, max: 2 })
  readonly list?: readonly PartBody[];
}

const read = (body: unknown, metatype: Type = EveryBody): Promise<unknown> =>
  validationPipe().transform(body, { type: 'body', metatype }) as Promise<unknown>;
const vnd = (amount: unknown): object => ({ amount, currency: 'VND' });

describe('fields of a body', () => {
  it.each<[string, unknown, unknown]>([
    ['money', vnd('0'), vnd('0')],
    ['change', vnd(`-${'9'.repeat(18)}`), vnd(`-${'9'.repeat(18)}`)],
    ['change', vnd('-5'), vnd('-5')],
    ['day', '2024-02-29', '2024-02-29'],
    ['instant', '2025-05-29T08:00:00+07:00', '2025-05-29T01:00:00.000Z'],
    ['id', '5F0D2C1E-7A57-5C0E-9D53-0A6F5B1C2D3E', '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e'],
    ['mail', 'Lan@Quy.Example', 'Lan@quy.example'],
    ['lines', ' một\r\nhai ', 'một\nhai'],
    ['lines', 'go\u0323i', 'gọi'],
    ['lines', 'บ้าน ទឹក שָׁלוֹם', 'บ้าน ទឹក שָׁלוֹם'.normalize('NFC')],
    ['code', 'LS', 'LS'],
    ['method', 'cash', 'cash'],
    ['some', ['b', 'a'], ['b', 'a']],
    ['count', 9, 9],
    ['flag', false, false],
    ['part', { text: '👩‍👧 ờ' }, { text: '👩‍👧 ờ' }],
    ['list', [{ text: 'a' }, { text: 'b' }], [{ text: 'a' }, { text: 'b' }]],
  ])('%s takes %j', async (field, given, kept) => {
    expect(await read({ [field]: given })).toEqual({ [field]: kept });
  });

  it.each<[string, unknown]>([
    ['money', vnd(500000)],
    ['money', vnd('-1')],
    ['money', vnd('01')],
    ['money', vnd(`1${'0'.repeat(18)}`)],
    ['change', vnd(`-1${'0'.repeat(18)}`)],
    ['money', vnd('1.0')],
    ['money', vnd('1e3')],
    ['money', vnd('٣')],
    ['money', { amount: '1', currency: 'vnd' }],
    ['money', { amount: '1', currency: 'toString' }],
    ['money', { ...vnd('1'), scale: 2 }],
    ['money', []],
    ['money', '500000'],
    ['change', vnd('-0')],
    ['day', '2025-02-29'],
    ['day', '2025-2-1'],
    ['day', '0000-01-01'],
    ['day', '1899-12-31'],
    ['day', '2201-01-01'],
    ['day', 20250201],
    ['instant', '2025-05-29'],
    ['instant', '2025-05-29T08:00:00'],
    ['instant', '2025-02-30T08:00:00Z'],
    ['instant', '9999-12-31T23:59:59Z'],
    ['instant', '2025-05-29T25:00:00Z'],
    ['id', 'x'],
    ['mail', 'lan'],
    ['mail', 'lan@quy'],
    ['mail', 'a b@quy.example'],
    ['mail', 'lan@quy.example\nBcc: x@y.example'],
    ['lines', ''],
    ['lines', '   '],
    ['lines', 'x'.repeat(21)],
    ['lines', 'bell\u0007'],
    ['lines', 'nul\u0000'],
    ['lines', 'a\u202eb'],
    ['lines', 'a\u200fb'],
    ['lines', 'a\u2028b'],
    ['lines', 'a\rb'],
    ['lines', `a${'\u0335'.repeat(7)}`],
    ['lines', 7],
    ['code', 'LSX12'],
    ['code', 'LS\n'],
    ['method', 'card'],
    ['method', ['cash']],
    ['some', []],
    ['some', ['a', 'a']],
    ['some', ['c']],
    ['some', 'a'],
    ['count', 10],
    ['count', 1.5],
    ['count', '5'],
    ['flag', 'true'],
    ['flag', 0],
    ['part', []],
    ['part', 'text'],
    ['part', { text: 'two\nl' }],
    ['list', []],
    ['list', [{ text: 'a' }, { text: 'b' }, { text: 'c' }]],
    ['list', ['a']],
    ['list', [null]],
    ['list', [[]]],
    ['list', [{ text: 'a' }, []]],
    ['list', { 0: { text: 'a' } }],
    ['unknown', 1],
  ])('%s refuses %j', async (field, given) => {
    await expect(read({ [field]: given })).rejects.toBeInstanceOf(RequestFault);
  });

  it.each(Object.keys({ money: 1, day: 1, id: 1, lines: 1, part: 1, list: 1, flag: 1 }))(
    '%s may be left out but not be null',
    async (field) => {
      expect(await read({})).toEqual({});
      await expect(read({ [field]: null })).rejects.toBeInstanceOf(RequestFault);
    },
  );

  it('are asked for also where each may be left out: no body at all may have been lost', async () => {
    for (const body of [undefined, null, [], 'text'])
      await expect(read(body)).rejects.toMatchObject({ parts: { fields: [{ field: 'body' }] } });
  });

  it('are required unless they say otherwise', async () => {
    await expect(read({}, PartBody)).rejects.toBeInstanceOf(RequestFault);
  });

  it.each([[[]], [null], [undefined], ['text'], [7]])('need an object for a body, not %j', async (body) => {
    await expect(read(body, PartBody)).rejects.toBeInstanceOf(RequestFault);
  });
});
