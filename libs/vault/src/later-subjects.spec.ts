import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { InMemoryVault } from './in-memory/in-memory-vault.js';
import { eraseAbout, sealAbout, subjectAfter } from './later-subjects.js';

const reading = { actor: 'system:spec', purpose: 'spec' } as const;

describe('texts about a thing that stays', () => {
  it('are destroyed by each erasure with what was said since the one before, and kept from then on', async () => {
    const room = new InMemoryVault().room('donors');
    const [id, first, second, third] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const readable = async (): Promise<readonly boolean[]> => {
      const found = await room.findMany([first, second, third], reading);
      return [first, second, third].map((recordId) => found.has(recordId));
    };
    await sealAbout(room, id, first, { text: 'a' });
    await eraseAbout(room, id, 0);
    await sealAbout(room, id, second, { text: 'b' });
    expect(await readable()).toEqual([false, true, false]);
    await eraseAbout(room, id, 1);
    await sealAbout(room, id, third, { text: 'c' });
    expect(await readable()).toEqual([false, false, true]);
  });

  it('are destroyed, too, where they were said behind an erasure that was broken off and is tried again', async () => {
    const room = new InMemoryVault().room('donors');
    const [id, ...records] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const say = (nth: number): Promise<void> => sealAbout(room, id, records[nth] ?? '', { text: 'a' });
    const left = async (): Promise<readonly number[]> => {
      const found = await room.findMany(records, reading);
      return [0, 1, 2, 3].filter((nth) => found.has(records[nth] ?? ''));
    };
    await say(0);
    // Destroyed, and nobody has said so: there were no erasures yet for whoever comes again.
    await eraseAbout(room, id, 0);
    await say(1);
    await eraseAbout(room, id, 0);
    expect(await left()).toEqual([]);
    await say(2);
    await eraseAbout(room, id, 1);
    expect(await left()).toEqual([]);
    await say(3);
    expect(await left()).toEqual([3]);
  });

  it('have subjects of their own, which are UUIDs', () => {
    const [id, other] = [randomUUID(), randomUUID()];
    const subjects = [subjectAfter(id, 0), subjectAfter(id, 1), subjectAfter(id, 2), subjectAfter(other, 1)];
    expect(subjects[0]).toBe(id);
    expect(new Set(subjects).size).toBe(4);
    for (const one of subjects) expect(one).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('come through any other failure', async () => {
    const away = { put: () => Promise.reject(new Error('away')) };
    await expect(sealAbout(away, randomUUID(), randomUUID(), {})).rejects.toThrow('away');
  });
});
