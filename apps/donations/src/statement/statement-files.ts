import { Inject, Injectable } from '@nestjs/common';
import type { StatementUploaded } from '#domain/statement/statement.events.js';
import type { StatementProfile } from '#domain/statement/statement-profile.js';
import type { Currency } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { VAULT } from '#platform/tokens.js';
import type { ReceivedFile } from '#platform/http/file-body.js';
import { RequestFault } from '#platform/http/request-fault.js';
import type { Reading, Vault, VaultRoom } from '#vault/vault.js';
import { readStatement, type ReadStatement } from './read-statement.js';
import { rowIdentities, type StatementAccount } from './row-identity.js';
import { StatementWalk } from './statement-walk.js';

/** Files that requests have read at once in a process; the importer reads one more. */
export const readAtOnceMax = 2;

/** Statements as files: sealed whole under their statement until every row is recorded, and read row by row. */
@Injectable()
export class StatementFiles {
  readonly #room: VaultRoom;
  #atWork = 0;

  constructor(@Inject(VAULT) vault: Vault) {
    this.#room = vault.room('donors');
  }

  /** Seals the file; the same record id again keeps the first. */
  async keep(statementId: string, fileRecordId: string, { bytes }: ReceivedFile): Promise<void> {
    await this.#room.putBytes({ recordId: fileRecordId, subjectId: statementId }, bytes);
  }

  /** A digest that nobody can guess at without the vault's key: tells the same thing again, and nothing of what stands in it. */
  keyed(digest: string): string {
    return this.#room.keyedHash(digest);
  }

  /** Does work that reads a whole file, unless two others are at it: a large one takes a processor for seconds. Throws `http/busy` then. */
  async oneOfFew<Done>(work: () => Promise<Done>): Promise<Done> {
    if (this.#atWork >= readAtOnceMax)
      throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
    this.#atWork += 1;
    try {
      return await work();
    } finally {
      this.#atWork -= 1;
    }
  }

  /** Begins to read bytes as a statement; refuses with a fault of the file. */
  read(bytes: Uint8Array, profiles: readonly StatementProfile[], currency: Currency): Promise<ReadStatement> {
    return readStatement(bytes, profiles, currency);
  }

  /** Begins to read a sealed file again, the way it was read first. Throws `InvariantViolation` where it is kept no longer. */
  async reread(upload: StatementUploaded['data'], reading: Reading): Promise<ReadStatement> {
    const sealed = await this.#room.findBytes(upload.file.fileRecordId, reading);
    if (!sealed) throw new InvariantViolation(`the file of statement ${upload.statementId} is not kept`);
    return readStatement(sealed.open(), [upload.profile], upload.currency);
  }

  /** A walk over the rows of an account, each under the id that it has for ever. */
  walk(account: StatementAccount, currency: Currency): StatementWalk {
    return new StatementWalk(
      currency,
      rowIdentities((text) => this.#room.keyedHash(text), account),
    );
  }

  /** Destroys the file of a statement: what its rows say is sealed row by row, or goes nowhere. */
  async forget(statementId: string): Promise<void> {
    await this.#room.erase(statementId);
  }
}
