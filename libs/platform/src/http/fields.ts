import { applyDecorators, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { firstDate, isLocalDate, lastDate } from '#kernel/dates.js';
import { isCurrency, isMinorAmount, minorUnitDigits, type Currency } from '#kernel/money.js';
import { field, holds, textOf, type FieldOptions } from './field.js';
import { RequestFault } from './request-fault.js';
import { isPlainText, normalisedText, notPlainReason, plainTextPattern } from './text.js';

type Constructor = new () => object;

/** A text of `min` (1) to `max` (200) characters, stored as NFC without outer white space; one line unless `multiline`. */
export function IsText(
  options: FieldOptions & { readonly min?: number; readonly max?: number; readonly multiline?: boolean } = {},
): PropertyDecorator {
  const { min = 1, max = 200, multiline = false } = options;
  return field(
    options,
    { type: 'string', minLength: min, maxLength: max, pattern: plainTextPattern(multiline) },
    Transform(({ value }: { value: unknown }) => normalisedText(value)),
    holds(
      'text',
      `must be a text of ${String(min)} to ${String(max)} characters`,
      textOf((text) => {
        const length = [...text].length;
        return length >= min && length <= max;
      }),
    ),
    holds('plainText', notPlainReason, (value) => typeof value !== 'string' || isPlainText(value, multiline)),
  );
}

/** A text that matches the whole pattern, such as a code of capital letters; not normalised. */
export function IsPattern(pattern: RegExp, options: FieldOptions = {}): PropertyDecorator {
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace('g', ''));
  return field(
    options,
    { type: 'string', pattern: whole.source },
    holds(
      'pattern',
      `must match ${whole.source}`,
      textOf((text) => whole.test(text)),
    ),
  );
}

/** A mail address of at most 254 characters; its domain is lower-cased. */
export function IsMail(options: FieldOptions = {}): PropertyDecorator {
  const shape = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/u;
  return field(
    options,
    { type: 'string', format: 'email', maxLength: 254 },
    Transform(({ value }: { value: unknown }) => lowerDomain(value)),
    holds(
      'mail',
      'must be a mail address',
      textOf((text) => text.length <= 254 && shape.test(text)),
    ),
  );
}

function lowerDomain(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const at = value.lastIndexOf('@');
  return `${value.slice(0, at + 1)}${value.slice(at + 1).toLowerCase()}`.trim();
}

const bounds = `from ${firstDate} to ${lastDate}`;

function bounded(options: FieldOptions): FieldOptions {
  const { description } = options;
  return { ...options, description: description === undefined ? bounds : `${description}; ${bounds}` };
}

/** A calendar date `YYYY-MM-DD` within the bounds of dates. */
export function IsDay(options: FieldOptions = {}): PropertyDecorator {
  return field(
    bounded(options),
    { type: 'string', format: 'date' },
    holds('day', `must be a date YYYY-MM-DD ${bounds}`, textOf(isLocalDate)),
  );
}

/** An instant in RFC 3339 with seconds and a zone, on a day like {@link IsDay}; stored in UTC with milliseconds. */
export function IsInstant(options: FieldOptions = {}): PropertyDecorator {
  const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
  const valid = (text: string): boolean =>
    shape.test(text) && isLocalDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
  return field(
    bounded(options),
    { type: 'string', format: 'date-time' },
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && valid(value) ? new Date(value).toISOString() : value,
    ),
    holds('instant', `must be an instant such as 2025-05-29T08:00:00Z ${bounds}`, textOf(valid)),
  );
}

/** A UUID; upper case is taken and lower-cased. */
export function IsId(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', format: 'uuid' },
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    IsUUID('all', { message: 'must be a UUID' }),
  );
}

/** One of the given texts. */
export function IsChoice(choices: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'string', enum: [...choices] },
    IsIn(choices, { message: `must be one of ${choices.join(', ')}` }),
  );
}

/** A list of one or more of the given texts, each at most once. */
export function IsChoices(choices: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  const known = new Set(choices);
  return field(
    options,
    { type: 'string', isArray: true, enum: [...choices], minItems: 1, uniqueItems: true },
    holds(
      'choices',
      `must be a list of different ones of ${choices.join(', ')}`,
      (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        new Set(value).size === value.length &&
        value.every((one: unknown) => typeof one === 'string' && known.has(one)),
    ),
  );
}

/** A whole number within bounds, as a JSON number. */
export function IsWhole(
  options: FieldOptions & { readonly min: number; readonly max: number },
): PropertyDecorator {
  return field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max },
    IsInt({ message: 'must be a whole number' }),
    Min(options.min),
    Max(options.max),
  );
}

/** true or false. */
export function IsFlag(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: 'boolean' }, IsBoolean({ message: 'must be true or false' }));
}

/** An object of the given class, checked itself. */
export function IsPart(of: () => Constructor, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    classOf(of),
    holds(
      'part',
      'must be an object',
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
    ValidateNested(),
    Type(of),
  );
}

const partsOnly = 'must hold objects only';

/** A list of `min` (0) to `max` objects of the given class, each checked. */
export function IsListOf(
  of: () => Constructor,
  options: FieldOptions & { readonly min?: number; readonly max: number },
): PropertyDecorator {
  return field(
    options,
    { ...classOf(of), isArray: true, minItems: options.min ?? 0, maxItems: options.max },
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(options.min ?? 0),
    ArrayMaxSize(options.max),
    // A list in the list would pass by its own parts, of which it may have none.
    holds('parts', partsOnly, (value) => !Array.isArray(value) || !value.some(Array.isArray)),
    ValidateNested({ each: true, message: partsOnly }),
    Type(of),
  );
}

/** Swagger asks a class later only of a function whose own name is `type`. */
function classOf(of: () => Constructor): { readonly type: () => Constructor } {
  return { type: () => of() };
}

/** So that sums of as many as ever come stay within what events may say. */
const amountDigitsMax = 18;
const isAmount = (text: string): boolean =>
  isMinorAmount(text) && text.replace('-', '').length <= amountDigitsMax;

/** Money in a body: minor units as at most 18 ASCII digits, and a currency that we keep books in. */
export class MoneyBody {
  @ApiProperty({ type: 'string', pattern: '^(0|-?[1-9][0-9]{0,17})$', example: '500000' })
  @holds('amount', 'must be a whole number of at most 18 ASCII digits', textOf(isAmount))
  readonly amount!: string;

  @ApiProperty({ type: 'string', enum: Object.keys(minorUnitDigits), example: 'VND' })
  @holds('currency', 'must be a currency that we keep books in', textOf(isCurrency))
  readonly currency!: Currency;
}

/** A {@link MoneyBody}; never negative unless `signed`. */
export function IsMoney(options: FieldOptions & { readonly signed?: boolean } = {}): PropertyDecorator {
  const signed = options.signed === true;
  return applyDecorators(
    IsPart(() => MoneyBody, options),
    holds('sign', 'must not be negative', (value) => signed || !isNegative(value)),
  );
}

function isNegative(value: unknown): boolean {
  return value instanceof MoneyBody && typeof value.amount === 'string' && value.amount.startsWith('-');
}

/** The UUID in the route's path under this name; throws `http/invalid` for anything else. */
export function IdParam(name: string): ParameterDecorator {
  const fault = (): RequestFault =>
    new RequestFault('http/invalid', { fields: [{ field: name, reason: 'must be a UUID' }] });
  return Param(name, new ParseUUIDPipe({ exceptionFactory: fault }), {
    transform: (id: string) => id.toLowerCase(),
  });
}
