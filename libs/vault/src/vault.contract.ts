import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { SubjectErased, type Reading, type VaultRoom } from './vault.js';

/** One promise of the port, run against a fresh room. */
export interface VaultCase {
  readonly name: string;
  run(room: VaultRoom): Promise<void>;
}

const reading: Reading = { actor: 'service:specs', purpose: 'spec' };
const address = (subjectId: string = randomUUID()): { recordId: string; subjectId: string } => ({
  recordId: randomUUID(),
  subjectId,
});

/** Everything that an engine of the vault must do; the engine's spec only opens and closes it. */
export const vaultContract: readonly VaultCase[] = [
  {
    name: 'gives a record back as it was put',
    async run(room) {
      const at = address();
      await room.put(at, { name: 'Nông Thị Ước', emails: ['a@example.org'] });
      const found = await room.find(at.recordId, reading);
      assert.deepEqual(found?.open(), { name: 'Nông Thị Ước', emails: ['a@example.org'] });
    },
  },
  {
    name: 'keeps the first content when a record id is put again',
    async run(room) {
      const at = address();
      await room.put(at, { name: 'first' });
      await room.put(at, { name: 'second' });
      assert.deepEqual((await room.find(at.recordId, reading))?.open(), { name: 'first' });
    },
  },
  {
    name: 'keeps further records of one person, also when put at once',
    async run(room) {
      const person = randomUUID();
      const many = Array.from({ length: 8 }, () => address(person));
      await Promise.all(many.map((at, index) => room.put(at, { index })));
      const ids = many.map((at) => at.recordId);
      const found = await room.findMany([...ids, randomUUID()], reading);
      assert.deepEqual(
        ids.map((id) => found.get(id)?.open()),
        many.map((_, index) => ({ index })),
      );
      assert.equal(found.size, 8);
    },
  },
  {
    name: 'gives sealed bytes back bit by bit, apart from records',
    async run(room) {
      const at = address();
      const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
      await room.putBytes(at, bytes);
      assert.deepEqual([...((await room.findBytes(at.recordId, reading))?.open() ?? [])], [...bytes]);
      assert.equal(await room.find(at.recordId, reading), undefined);
    },
  },
  {
    name: 'finds people by the beginnings of their words, without accents, in their scope only',
    async run(room) {
      const [uoc, lan] = [address(), address()];
      await room.put(uoc, { n: 1 }, { scope: 'LS', searchable: ['Đặng Thị Ước'] });
      await room.put(lan, { n: 2 }, { scope: 'LS', searchable: ['Đặng Ngọc Lan'] });
      await room.put(address(), { n: 3 }, { scope: 'SL', searchable: ['Đặng Thị Ước'] });
      assert.deepEqual(await room.search('LS', 'uoc dang', 10, reading), [uoc.recordId]);
      assert.deepEqual(await room.search('LS', 'ĐẶN', 10, reading), [lan.recordId, uoc.recordId]);
      assert.deepEqual(await room.search('LS', 'dang', 1, reading), [lan.recordId]);
      assert.deepEqual(await room.search('LS', 'ang', 10, reading), []);
      assert.deepEqual(await room.search('LS', ' . ', 10, reading), []);
    },
  },
  {
    name: 'hashes equal texts equally and others differently',
    run(room) {
      assert.equal(room.keyedHash('a@example.org'), room.keyedHash('a@example.org'));
      assert.notEqual(room.keyedHash('a@example.org'), room.keyedHash('b@example.org'));
      return Promise.resolve();
    },
  },
  {
    name: 'erases a person for good: records, bytes and later puts',
    async run(room) {
      const person = randomUUID();
      const [record, bytes, other] = [address(person), address(person), address()];
      await room.put(record, { name: 'x' }, { scope: 'LS', searchable: ['Lý Văn Chín'] });
      await room.putBytes(bytes, Uint8Array.of(1));
      await room.put(other, { name: 'stays' });
      assert.equal(await room.erase(person), 2);
      assert.equal(await room.find(record.recordId, reading), undefined);
      assert.equal(await room.findBytes(bytes.recordId, reading), undefined);
      assert.deepEqual(await room.search('LS', 'chin', 10, reading), []);
      await assert.rejects(room.put(address(person), { name: 'again' }), SubjectErased);
      assert.ok(await room.find(other.recordId, reading));
      assert.equal(await room.erase(person), 0);
    },
  },
  {
    name: 'sweeps what no event names and nothing else',
    async run(room) {
      const [named, orphan] = [address(), address()];
      await room.put(named, { n: 1 });
      await room.put(orphan, { n: 2 });
      assert.equal(await room.sweep(60_000, () => Promise.resolve(new Set())), 0);
      const isNamed = (ids: readonly string[]): Promise<Set<string>> =>
        Promise.resolve(new Set(ids.filter((id) => id === named.recordId)));
      assert.equal(await room.sweep(0, isNamed), 1);
      assert.ok(await room.find(named.recordId, reading));
      assert.equal(await room.find(orphan.recordId, reading), undefined);
    },
  },
  {
    name: 'spares what is put again while it asks whether an event names it',
    async run(room) {
      const [retried, orphan] = [address(), address()];
      await room.put(retried, { name: 'first' });
      await room.put(orphan, { name: 'x' });
      const retry = async (): Promise<Set<string>> => {
        await room.put(retried, { name: 'second' });
        return new Set();
      };
      assert.equal(await room.sweep(0, retry), 1);
      assert.deepEqual((await room.find(retried.recordId, reading))?.open(), { name: 'first' });
      assert.equal(await room.find(orphan.recordId, reading), undefined);
    },
  },
  {
    name: 'keeps nothing of a person who is erased while records of theirs are put',
    async run(room) {
      const race = async (known: number): Promise<void> => {
        const [person, late] = [randomUUID(), address()];
        for (let k = 0; k < known; k += 1) await room.put(address(person), { k });
        const putting = room.put({ ...late, subjectId: person }, { name: 'late' }).catch((error: unknown) => {
          assert.ok(error instanceof SubjectErased, String(error));
        });
        await Promise.all([room.erase(person), putting]);
        assert.equal(await room.find(late.recordId, reading), undefined, 'a record outlived the erasure');
        await assert.rejects(room.put(address(person), { name: 'again' }), SubjectErased);
      };
      for (let n = 0; n < 120; n += 1) await Promise.all([race(0), race(1), race(3)]);
    },
  },
  {
    name: 'prints, logs and serialises what it opened as [sealed]',
    async run(room) {
      const at = address();
      await room.put(at, { name: 'canary' });
      const found = await room.find(at.recordId, reading);
      assert.equal(
        `${String(found)} ${JSON.stringify(found)} ${inspect(found)}`,
        '[sealed] "[sealed]" [sealed]',
      );
    },
  },
];
