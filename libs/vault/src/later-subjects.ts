import { createHash } from 'node:crypto';
import type { JsonObject } from '#kernel/json.js';
import { SubjectErased, type VaultRoom } from './vault.js';

/**
 * The subject under which texts about a thing are sealed that stays when they are destroyed, such as a donation: its own id
 * (a UUID), and another after each erasure, so that what is said later can be kept, and destroyed in its turn.
 */
export function subjectAfter(id: string, erasures: number): string {
  if (erasures === 0) return id;
  const hash = createHash('sha256')
    .update(`${id} after erasure ${String(erasures)}`)
    .digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/**
 * Destroys what was said of a thing since its last erasure, of which there were so many. Where one was broken off before
 * anybody could say so, what was said since is destroyed as well: it lies under the subjects behind.
 */
export async function eraseAbout(
  room: Pick<VaultRoom, 'erase' | 'isErased'>,
  id: string,
  erasures: number,
): Promise<void> {
  for (let nth = erasures; ; nth += 1) {
    const subjectId = subjectAfter(id, nth);
    const wasErased = await room.isErased(subjectId);
    await room.erase(subjectId);
    if (!wasErased) return;
  }
}

/** Seals a record under the first of the thing's {@link subjectAfter subjects} that was not erased. */
export async function sealAbout(
  room: Pick<VaultRoom, 'put'>,
  id: string,
  recordId: string,
  content: JsonObject,
): Promise<void> {
  for (let erasures = 0; ; erasures += 1)
    try {
      await room.put({ recordId, subjectId: subjectAfter(id, erasures) }, content);
      return;
    } catch (error) {
      if (!(error instanceof SubjectErased)) throw error;
    }
}
