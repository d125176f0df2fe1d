import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { InvariantViolation } from '#kernel/refusal.js';
import { unaccentedWords } from '#kernel/words.js';
import { beginningsOf, queryBeginning } from './words.js';

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/** A fresh random key of 256 bits, for a person or for a master key file. */
export function newKey(): Uint8Array {
  return randomBytes(keyBytes);
}

/**
 * Seals bytes with AES-256-GCM: version, nonce, tag, ciphertext. `bound` names what they belong to; opened under
 * another name they fail, so that rows cannot be swapped.
 */
export function seal(key: Uint8Array, plain: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(bound));
  const body = Buffer.concat([sealing.update(plain), sealing.final()]);
  return Buffer.concat([Uint8Array.of(version), nonce, sealing.getAuthTag(), body]);
}

/** Opens what {@link seal} made; throws `InvariantViolation` when the key, the name or a single bit is another. */
export function unseal(key: Uint8Array, sealed: Uint8Array, bound: string): Buffer {
  const head = 1 + nonceBytes;
  if (sealed[0] !== version || sealed.length < head + tagBytes)
    throw new InvariantViolation('not a sealed record');
  const opening = createDecipheriv(cipher, key, sealed.subarray(1, head))
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(head, head + tagBytes));
  try {
    return Buffer.concat([opening.update(sealed.subarray(head + tagBytes)), opening.final()]);
  } catch (cause) {
    throw new InvariantViolation('a sealed record does not open under this key', { cause });
  }
}

/** The keys of one kind of person, all drawn from its master key. */
export interface KindKeys {
  /** Seals a person's data key. */
  readonly wrap: (dataKey: Uint8Array, subjectId: string) => Buffer;
  /** Opens a person's data key; throws `InvariantViolation` under another master key. */
  readonly unwrap: (wrapped: Uint8Array, subjectId: string) => Buffer;
  /** HMAC-SHA-256 of a text in hex: equal texts, equal hashes. */
  readonly hash: (text: string) => string;
  /** Hashes, as signed 64-bit decimal strings, that a record is found by. */
  readonly wordHashes: (texts: readonly string[]) => readonly string[];
  /** Hashes that a record must all have to be found by this query; empty when the query has no word. */
  readonly queryHashes: (query: string) => readonly string[];
}

/** Draws a kind's keys from its master key of 32 bytes (HKDF-SHA-256, one label a use). */
export function kindKeys(master: Uint8Array, kind: string): KindKeys {
  if (master.length !== keyBytes) throw new InvariantViolation('a master key has 32 bytes');
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `mangnon/${kind}/${use}`, keyBytes));
  const [wrapping, matching, words] = [derive('wrap'), derive('match'), derive('words')];
  const wordHash = (word: string): string =>
    createHmac('sha256', words).update(word).digest().readBigInt64BE(0).toString();
  return {
    wrap: (dataKey, subjectId) => seal(wrapping, dataKey, subjectId),
    unwrap: (wrapped, subjectId) => unseal(wrapping, wrapped, subjectId),
    hash: (text) => createHmac('sha256', matching).update(text).digest('hex'),
    wordHashes: (texts) => [...new Set(texts.flatMap(unaccentedWords).flatMap(beginningsOf))].map(wordHash),
    queryHashes: (query) => unaccentedWords(query).map(queryBeginning).map(wordHash),
  };
}
