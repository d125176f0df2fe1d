import type { z } from 'zod';

/**
 * What one service lets others ask of it over HTTP where they run in processes of their own: a few methods of one of its
 * providers, called by name.
 */
export interface Door {
  /** Such as `access`; stands in the address. */
  readonly name: string;
  /** Under which the provider that answers is found in the service's own process. */
  readonly token: symbol;
  /** The methods that may be called, and the arguments that each takes. */
  readonly calls: Readonly<Record<string, z.ZodType<readonly unknown[]>>>;
  /** Names of the services that may ask. */
  readonly askedBy: readonly string[];
}

/** A door's name and calls as both sides know them: every method of the provider has its arguments checked. */
export interface DoorTo<Provider extends object> {
  readonly name: string;
  readonly calls: { readonly [Call in keyof Provider & string]: z.ZodType<readonly unknown[]> };
}

/** The `Door` records of this process. */
export const DOORS = Symbol('Doors');

/** What a call came to, as it travels: an answer, absent where there is none, or a refusal with its code. */
export interface CallOutcome {
  readonly answer?: unknown;
  readonly refused?: {
    readonly code: string;
    readonly details: Readonly<Record<string, string | number | boolean>>;
  };
}

const bytesKey = '$base64';

/** The outcome as JSON; bytes anywhere in it travel in base64. */
export function encodeOutcome(outcome: CallOutcome): string {
  return JSON.stringify(outcome, (_key, value: unknown) => bytesOf(value) ?? value);
}

/** The reverse of {@link encodeOutcome}; throws `SyntaxError` for what is no JSON. */
export function decodeOutcome(text: string): CallOutcome {
  return JSON.parse(text, (_key, value: unknown) =>
    isEncoded(value) ? new Uint8Array(Buffer.from(value[bytesKey], 'base64')) : value,
  ) as CallOutcome;
}

/** A `Buffer` has turned itself into an object by the time that it is seen here. */
function bytesOf(value: unknown): object | undefined {
  if (value instanceof Uint8Array) return { [bytesKey]: Buffer.from(value).toString('base64') };
  const isBuffer =
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value;
  if (!isBuffer || !Array.isArray(value.data)) return undefined;
  return { [bytesKey]: Buffer.from(value.data as number[]).toString('base64') };
}

function isEncoded(value: unknown): value is { readonly [bytesKey]: string } {
  if (typeof value !== 'object' || value === null || !(bytesKey in value)) return false;
  return typeof value[bytesKey] === 'string' && Object.keys(value).length === 1;
}
