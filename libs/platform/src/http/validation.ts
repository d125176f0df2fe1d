import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { surelyPasses } from './quick-check.js';
import { RequestFault, type FieldFault } from './request-fault.js';
import { isPlainText, notPlainReason } from './text.js';

const parametersMax = 100;

/** Where nothing of a body has to be said, sending none or null is still a mistake: it may have been lost on the way. */
class StrictPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && !isObject(value) && this.toValidate(metadata))
      throw new RequestFault('http/invalid', { fields: [{ field: 'body', reason: 'must be an object' }] });
    return this.#passing(value, metadata) ?? ((await super.transform(value, metadata)) as unknown);
  }

  /** What is made of a body that surely passes, which nearly all do; undefined where it has to be looked at closely. */
  #passing(value: unknown, { type, metatype }: ArgumentMetadata): object | undefined {
    if (type !== 'body' || !metatype || !isObject(value)) return undefined;
    const body = plainToInstance(metatype as ClassConstructor<object>, value, this.transformOptions);
    return body.constructor === metatype && surelyPasses(body) ? body : undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks bodies and queries against their classes: nothing unknown, nothing converted; throws `http/invalid` with every field. */
export function validationPipe(): ValidationPipe {
  return new StrictPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false, exposeUnsetFields: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new RequestFault('http/invalid', { fields: fieldFaults(errors) }),
  });
}

/** Most faults of one request that are told; mending these shows the others. */
export const faultsToldMax = 50;

/**
 * Faults with the path of their field, in the order found, at most {@link faultsToldMax}; never the value, which may be
 * personal.
 */
export function fieldFaults(errors: readonly ValidationError[]): readonly FieldFault[] {
  const told: FieldFault[] = [];
  for (const fault of everyFault(errors, '')) {
    told.push(fault);
    if (told.length === faultsToldMax) break;
  }
  return told;
}

function* everyFault(errors: readonly ValidationError[], parent: string): Generator<FieldFault> {
  for (const error of errors) {
    const field = pathOf(parent, error.property);
    for (const [name, reason] of Object.entries(error.constraints ?? {}))
      yield { field, reason: name === 'whitelistValidation' ? 'is not known here' : reason };
    yield* everyFault(error.children ?? [], field);
  }
}

/** Throws `http/invalid` for a query with more parameters than any route has, or one that every object has anyway. */
export function assertFewParameters(query: unknown): void {
  const names = Object.keys(query as object);
  if (names.length > parametersMax)
    throw new RequestFault('http/invalid', {
      fields: [{ field: 'query', reason: `must have at most ${String(parametersMax)} parameters` }],
    });
  // What checks queries passes over these.
  const inherited = names.find((name) => name in Object.prototype);
  if (inherited !== undefined)
    throw new RequestFault('http/invalid', { fields: [{ field: inherited, reason: 'is not known here' }] });
}

/** Throws `http/invalid` for control characters in a path's parameter: nothing is named by them, and no database takes NUL. */
export function assertPlainPath(params: unknown): void {
  const odd = Object.entries(params as Readonly<Record<string, string>>).filter(
    ([, value]) => !isPlainText(value, false),
  );
  if (odd.length === 0) return;
  throw new RequestFault('http/invalid', {
    fields: odd.map(([field]) => ({ field, reason: notPlainReason })),
  });
}

function pathOf(parent: string, property: string): string {
  if (parent === '') return property;
  return /^[0-9]+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}
