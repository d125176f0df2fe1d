import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { SubjectErased, type NewRecord, type Reading, type VaultRoom } from './vault.js';

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
    name: 'keeps records of new people, known ones and erased ones that are put at once, each as if put alone',
    async run(room) {
      const [known, erased] = [randomUUID(), randomUUID()];
      await room.put(address(known), { name: 'first' });
      await room.erase(erased);
      const fresh = Array.from({ length: 5 }, () => address(randomUUID()));
      const others = [...fresh, address(known), address(fresh[0]?.subjectId ?? '')];
      const late = assert.rejects(room.put(address(erased), { name: 'late' }), SubjectErased);
      await Promise.all(others.map((at) => room.put(at, { at: at.recordId })));
      await late;
      const found = await room.findMany(
        others.map(({ recordId }) => recordId),
        reading,
      );
      for (const { recordId } of others) assert.deepEqual(found.get(recordId)?.open(), { at: recordId });
    },
  },
  {
    name: 'puts many records at once, of new people and known ones, each as if put alone',
    async run(room) {
      const [known, twice, first, other] = [address(), address(), address(), address()];
      await room.put(known, { n: 'kept' });
      const further = { ...address(), subjectId: known.subjectId };
      await room.putMany([
        { address: known, content: { n: 'changed' } },
        { address: further, content: { n: 'further' } },
        { address: first, content: { n: 'a' }, options: { scope: 'LS', searchable: ['Đặng Thị Ước'] } },
        { address: { ...address(), subjectId: first.subjectId }, content: { n: 'b' } },
        { address: other, content: { n: 'c' }, options: { scope: 'LS', searchable: ['Lý Đặng', 'x'] } },
        { address: twice, content: { n: 'first' } },
        { address: twice, content: { n: 'second' } },
      ]);
      await room.putMany([]);
      const ids = [known, further, first, other, twice].map(({ recordId }) => recordId);
      const found = await room.findMany(ids, reading);
      assert.deepEqual(
        ids.map((id) => found.get(id)?.open()['n']),
        ['kept', 'further', 'a', 'c', 'first'],
      );
      assert.deepEqual(new Set(await room.search('LS', 'dang', 10, reading)), new Set([ids[2], ids[3]]));
      assert.equal(await room.erase(first.subjectId), 2);
    },
  },
  {
    name: 'knows who was erased, also where nothing had been put, and takes nobody else for erased',
    async run(room) {
      const [kept, gone, unknown] = [address(), address(), randomUUID()];
      for (const at of [kept, gone]) await room.put(at, { name: 'x' });
      for (const subjectId of [gone.subjectId, unknown]) {
        assert.equal(await room.isErased(subjectId), false);
        await room.erase(subjectId);
        assert.equal(await room.isErased(subjectId), true);
      }
      assert.equal(await room.isErased(kept.subjectId), false);
    },
  },
  {
    name: 'puts all of many records or none, where one of the people was erased',
    async run(room) {
      const [known, gone, fresh] = [address(), address(), address()];
      await room.put(known, { n: 1 });
      await room.erase(gone.subjectId);
      const batch = [known, fresh, gone].map(({ subjectId }) => ({
        address: { ...address(), subjectId },
        content: { n: 2 },
      }));
      await assert.rejects(
        room.putMany(batch),
        (error) => error instanceof SubjectErased && error.subjectId === gone.subjectId,
      );
      const ids = batch.map((record) => record.address.recordId);
      assert.equal((await room.findMany(ids, reading)).size, 0);
      await room.putMany(batch.slice(0, 2));
      assert.equal((await room.findMany(ids, reading)).size, 2);
    },
  },
  {
    name: 'puts batches of the same people at once, in whatever order they name them',
    async run(room) {
      const people = Array.from({ length: 40 }, () => randomUUID());
      const batch = (subjects: readonly string[]): readonly NewRecord[] =>
        subjects.map((subjectId) => ({ address: { ...address(), subjectId }, content: { subjectId } }));
      const batches = [people, people.toReversed(), people].map(batch);
      await Promise.all(batches.map((records) => room.putMany(records)));
      const again = batches.flatMap((records) => [records, records.toReversed()]);
      await Promise.all(again.map((records) => room.putMany(records)));
      const found = await room.findMany(
        batches.flat().map((record) => record.address.recordId),
        reading,
      );
      assert.equal(found.size, 120);
      for (const { address: at, content } of batches.flat())
        assert.deepEqual(found.get(at.recordId)?.open(), content);
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
      const [retried, orphan, ofMany] = [address(), address(), address()];
      for (const at of [retried, ofMany]) await room.put(at, { name: 'first' });
      await room.put(orphan, { name: 'x' });
      const retry = async (): Promise<Set<string>> => {
        await room.put(retried, { name: 'second' });
        await room.putMany([{ address: ofMany, content: { name: 'second' } }]);
        return new Set();
      };
      assert.equal(await room.sweep(0, retry), 1);
      for (const { recordId } of [retried, ofMany])
        assert.deepEqual((await room.find(recordId, reading))?.open(), { name: 'first' });
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
    name: 'keeps nothing of many records where one of their people is erased at that moment',
    async run(room) {
      const race = async (known: boolean): Promise<void> => {
        const batch = Array.from({ length: 5 }, (_, n) => ({ address: address(), content: { n } }));
        const person = batch[2]!.address.subjectId;
        if (known) await room.put(address(person), { n: 'before' });
        const putting = room.putMany(batch).catch((error: unknown) => {
          assert.ok(error instanceof SubjectErased, String(error));
        });
        await Promise.all([room.erase(person), putting]);
        const ids = batch.map((record) => record.address.recordId);
        const found = await room.findMany(ids, reading);
        assert.ok([0, 4].includes(found.size), `${found.size} records`);
        assert.ok(!found.has(ids[2]!), 'a record outlived the erasure');
      };
      for (let n = 0; n < 60; n += 1) await Promise.all([race(true), race(false), race(true)]);
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
