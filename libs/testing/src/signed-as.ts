import type { Caller } from '#kernel/roles.js';
import { contextHeader, signContext } from '#platform/http/signed-context.js';
import type { KnownKeys, Signer } from '#platform/keys/key-pairs.js';

/** What a process believes, and the gateway within it. */
export interface OwnGateway {
  readonly known: KnownKeys;
  readonly signer?: Signer;
}

/** Headers of a request that the process's gateway hands on to its services in the caller's name. Throws without a gateway in it. */
export async function signedAs(
  caller: Caller,
  { known, signer }: OwnGateway,
  now: Date = new Date(),
): Promise<Readonly<Record<typeof contextHeader, string>>> {
  const [service] = known.own;
  if (!signer || service === undefined) throw new Error('no gateway is in this process');
  return { [contextHeader]: await signContext(caller, signer, service, now) };
}
