import { hash, verify } from '@node-rs/argon2';

// Algorithm.Argon2id: the package has it as a const enum, which isolated modules cannot read.
const argon2id = 2;
const options = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

let decoy: Promise<string> | undefined;

/** The argon2id hash (PHC text) of a password, compared in NFC; takes some 20 ms and 19 MiB. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), options);
}

/**
 * Whether the password is the one of this hash. Where there is no hash it takes as long and is false, so that nobody
 * learns from the time taken whether a login name exists.
 */
export async function passwordMatches(password: string, hashed: string | undefined): Promise<boolean> {
  const against = hashed ?? (await (decoy ??= hashPassword('nobody has this password')));
  const matches = await verify(against, password.normalize('NFC'));
  return matches && hashed !== undefined;
}
