import { hash, randomUUID } from 'node:crypto';
import type { Actor } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Namespace of the ids of people's commands and of what answers a message; never to be changed. */
const commands = '5d1c6f2e-8a0b-4c57-9a46-0f3f6f0f7c11';

/**
 * The name-based UUID of RFC 9562 §5.5 (SHA-1): equal names under one namespace give equal ids, for ever. Lower case.
 * Throws `TypeError` when the namespace is no UUID.
 */
export function uuidV5(namespace: string, name: string): string {
  if (!uuid.test(namespace)) throw new TypeError(`not a UUID: ${namespace}`);
  const prefix = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const digest = hash('sha1', Buffer.concat([prefix, Buffer.from(name, 'utf8')]), 'buffer');
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The id of a person's command: the same actor, route (`POST /v1/donations`) and Idempotency-Key give the same id.
 * Where the command opens an aggregate it is that aggregate's id.
 */
export function commandIdOf(actor: Actor, route: string, idempotencyKey: string): string {
  return uuidV5(commands, canonicalJson([actor, route, idempotencyKey]));
}

/** The id under which a stream answers a message: the same message and stream give the same id. */
export function answerIdOf(messageId: string, stream: string): string {
  return uuidV5(commands, canonicalJson([messageId, stream]));
}

/** A fresh random UUID (version 4), in lower case. */
export function newId(): string {
  return randomUUID();
}
