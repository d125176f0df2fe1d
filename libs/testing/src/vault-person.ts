import { openPostgresVault } from '#vault/postgres/postgres-vault.js';

/** Puts a donor with one record into the vault of a database, sealed under a key of tests; both bear the id, a UUID. */
export async function addPerson(url: string, id: string): Promise<void> {
  const vault = await openPostgresVault(url, new Map([['donors', Buffer.alloc(32, 7)]]));
  await vault.room('donors').put({ subjectId: id, recordId: id }, { name: 'Người Mẫu' });
  await vault.close();
}
