import type { JsonObject } from '#kernel/json.js';
import type { PlatformCode } from './platform-answers.js';

/** One field that was refused: where it is (`items[0].amount`) and what is wrong with it, in English. */
export interface FieldFault {
  readonly field: string;
  readonly reason: string;
}

/** What a {@link RequestFault} may tell besides its code. */
export interface FaultParts {
  readonly details?: JsonObject;
  readonly fields?: readonly FieldFault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that no aggregate ever saw because its form is wrong; answered as problem+json under its code. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';

  constructor(
    readonly code: PlatformCode,
    readonly parts: FaultParts = {},
  ) {
    super(code);
  }
}
