/**
 * A command that a person sent cannot be carried out, and the person can mend it. `code` is stable, documented and of
 * the shape `aggregate/reason`; `details` are plain JSON figures for the answer and never personal data.
 */
export class DomainRefusal<Code extends string = string> extends Error {
  override readonly name = 'DomainRefusal';

  constructor(
    readonly code: Code,
    readonly details: Readonly<Record<string, string | number | boolean>> = {},
  ) {
    super(code);
  }
}

/** A refusal as another process decided it, to be told here; its code is documented where it was decided. */
export function refusedElsewhere(code: string, details: DomainRefusal['details']): DomainRefusal {
  return new DomainRefusal(code, details);
}

/** Whether an error is a refusal, told by its name so that two copies of this module agree. */
export function isDomainRefusal(error: unknown): error is DomainRefusal {
  return error instanceof Error && error.name === 'DomainRefusal' && 'code' in error;
}

/** Our own bug: what must always hold does not. The message being handled is parked and somebody is alerted. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}
