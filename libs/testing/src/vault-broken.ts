import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#kernel/json.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';
import { Sealed, SubjectErased, type VaultRoom } from '#vault/vault.js';
import { changed } from './changed.js';

function broken(breaking: (sound: VaultRoom) => Partial<VaultRoom>): () => VaultRoom {
  return () => {
    const sound = new InMemoryVault().room('donors');
    return changed<VaultRoom>(sound, breaking(sound));
  };
}

/** Rooms of the vault with one fault each, by the fault; the contract must fail on every one. */
export const brokenRooms = {
  'leaves a record when it erases': broken((sound) => {
    const cached = new Map<string, JsonObject>();
    return {
      put: async (address, content, options) => {
        await sound.put(address, content, options);
        cached.set(address.recordId, content);
      },
      find: async (recordId, reading) => {
        const found = await sound.find(recordId, reading);
        const left = cached.get(recordId);
        return found ?? (left && new Sealed(left));
      },
    };
  }),
  'takes an erased person for a new one': broken((sound) => ({
    put: (address, content, options) =>
      sound.put(address, content, options).catch((error: unknown) => {
        if (!(error instanceof SubjectErased)) throw error;
        return sound.put({ ...address, subjectId: randomUUID() }, content, options);
      }),
  })),
  'looks who is erased first and writes afterwards': broken((sound) => {
    const erased = new Set<string>();
    return {
      put: async (address, content, options) => {
        if (erased.has(address.subjectId)) throw new SubjectErased(address.subjectId);
        await new Promise(setImmediate);
        // As if the write had waited for the erasure and then made the person anew.
        const subjectId = erased.has(address.subjectId) ? randomUUID() : address.subjectId;
        await sound.put({ ...address, subjectId }, content, options);
      },
      erase: (subjectId) => {
        erased.add(subjectId);
        return sound.erase(subjectId);
      },
    };
  }),
  'does not know who was erased': broken(() => ({ isErased: () => Promise.resolve(false) })),
  'keeps the last content of a record': broken((sound) => {
    const contents = new Map<string, JsonObject>();
    return {
      put: async (address, content, options) => {
        await sound.put(address, content, options);
        contents.set(address.recordId, content);
      },
      find: async (recordId, reading) => {
        const found = await sound.find(recordId, reading);
        return found && new Sealed(contents.get(recordId) ?? found.open());
      },
    };
  }),
  'finds people beyond the scope': broken((sound) => ({
    put: (address, content, options) => sound.put(address, content, { ...options, scope: 'all' }),
    search: (_scope, query, limit, reading) => sound.search('all', query, limit, reading),
  })),
  'sweeps what an event names': broken((sound) => ({
    sweep: (olderThanMs) => sound.sweep(olderThanMs, () => Promise.resolve(new Set())),
  })),
  'sweeps what is put again meanwhile': broken((sound) => ({
    sweep: async (olderThanMs, isNamed) => {
      let named: ReadonlySet<string> = new Set();
      await sound.sweep(olderThanMs, async (recordIds) => {
        named = await isNamed(recordIds);
        return new Set(recordIds);
      });
      return sound.sweep(olderThanMs, () => Promise.resolve(named));
    },
  })),
} as const satisfies Record<string, () => VaultRoom>;
