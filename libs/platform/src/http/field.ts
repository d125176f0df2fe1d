import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';

/** What every field may say besides its type. */
export interface FieldOptions {
  /** Whether it may be left out; null is never taken. */
  readonly optional?: boolean;
  /** One sentence for the API's documentation. */
  readonly description?: string;
}

/** The schema and the checks of one field together. */
export function field(
  options: FieldOptions,
  schema: ApiPropertyOptions,
  ...checks: PropertyDecorator[]
): PropertyDecorator {
  const described = options.description === undefined ? {} : { description: options.description };
  const presence = options.optional ? [ValidateIf((_body, value: unknown) => value !== undefined)] : [];
  return applyDecorators(
    ApiProperty({ ...schema, ...described, required: !options.optional } as ApiPropertyOptions),
    ...presence,
    ...checks,
  );
}

/** A check by a function; `message` is told where it fails. */
export function holds(name: string, message: string, test: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: test, defaultMessage: () => message } });
}

/** A check of texts that anything but a text fails. */
export const textOf = (test: (text: string) => boolean) => (value: unknown) =>
  typeof value === 'string' && test(value);
