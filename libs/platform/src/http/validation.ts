import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { RequestFault, type FieldFault } from './request-fault.js';

/** Checks bodies and queries against their classes: nothing unknown, nothing converted; throws `http/invalid` with every field. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false, exposeUnsetFields: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new RequestFault('http/invalid', { fields: fieldFaults(errors) }),
  });
}

/** Every fault with the path of its field, in the order found; never the value, which may be personal. */
export function fieldFaults(errors: readonly ValidationError[], parent = ''): readonly FieldFault[] {
  return errors.flatMap((error) => {
    const field = pathOf(parent, error.property);
    const reasons = Object.entries(error.constraints ?? {}).map(([name, reason]) => ({
      field,
      reason: name === 'whitelistValidation' ? 'is not known here' : reason,
    }));
    return [...reasons, ...fieldFaults(error.children ?? [], field)];
  });
}

function pathOf(parent: string, property: string): string {
  if (parent === '') return property;
  return /^[0-9]+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}
