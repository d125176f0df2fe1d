import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance, Type } from 'class-transformer';
import { IsIn, IsString, MaxLength, validate, ValidateIf, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import {
  IsChoice,
  IsChoices,
  IsDay,
  IsFlag,
  IsId,
  IsListOf,
  IsMoney,
  IsPart,
  IsPattern,
  IsText,
  IsWhole,
  type MoneyBody,
} from './fields.js';
import { PageQuery } from './paging.http.js';
import { surelyPasses } from './quick-check.js';

class PartBody {
  @IsText({ max: 5 })
  readonly text!: string;

  @IsMoney({ optional: true })
  readonly value?: MoneyBody;
}

class WholeBody extends PageQuery {
  @IsId()
  readonly id!: string;

  @IsMoney({ optional: true })
  readonly money?: MoneyBody;

  @IsDay({ optional: true })
  readonly day?: string;

  @IsPattern(/[A-Z]{2}/, { optional: true })
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

  @ValidateIf(({ method }: WholeBody) => method === 'bank')
  @IsIn(['here'])
  readonly account?: string;
}

/** Nearly always a good value, so that one bad one more or less decides. */
const often = (good: fc.Arbitrary<unknown>, ...bad: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: good },
    { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), fc.constantFrom(null, ...bad)) },
  );
const money = often(
  fc.record({
    amount: often(fc.constantFrom('0', '5000'), '-5', '01', 5000),
    currency: often(fc.constant('VND')),
  }),
);
const part = often(
  fc.record({ text: often(fc.constantFrom('a', 'hai')), value: money }, { requiredKeys: ['text'] }),
);
const body = fc.record(
  {
    id: often(fc.constant('5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e')),
    money,
    day: often(fc.constant('2024-02-29'), '2025-02-29'),
    code: often(fc.constant('LS')),
    method: often(fc.constantFrom('cash', 'bank')),
    some: often(fc.constantFrom(['a'], ['a', 'b']), ['a', 'a']),
    count: often(fc.integer({ min: 1, max: 9 }), 10),
    flag: often(fc.boolean()),
    part,
    list: often(fc.array(part, { minLength: 1, maxLength: 2 }), [], [{ text: 'a' }, ['b']]),
    account: often(fc.constant('here')),
    cursor: often(fc.constant('abc')),
    limit: often(fc.constantFrom(1, 50, '7'), 0),
  },
  { requiredKeys: ['id'] },
);
const strict = { whitelist: true, forbidNonWhitelisted: true };

describe('the quick check of a body', () => {
  it('says of every body what class-validator says', async () => {
    const seen = new Map<boolean, number>();
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...Array<undefined>(30), 'unknown'), async (given, unknown) => {
        const extended = unknown === undefined ? given : { ...given, [unknown]: 1 };
        const made = plainToInstance(WholeBody, extended, { exposeUnsetFields: false });
        const passes = surelyPasses(made);
        seen.set(passes, (seen.get(passes) ?? 0) + 1);
        expect(passes).toBe((await validate(made, strict)).length === 0);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.get(true) ?? 0, seen.get(false) ?? 0)).toBeGreaterThan(20);
  });

  it('leaves to class-validator what it does not understand', () => {
    class EachBody {
      @IsString({ each: true })
      readonly names: unknown = ['a'];
    }
    class IfBody {
      @MaxLength(3, { validateIf: () => false })
      readonly name: unknown = 'long name';
    }
    class PlainPartBody {
      @ValidateNested()
      @Type(() => Object)
      readonly part: unknown = { a: 1 };
    }
    for (const odd of [new EachBody(), new IfBody(), new PlainPartBody(), new Map(), { a: 1 }, []])
      expect(surelyPasses(odd)).toBe(false);
  });
});
