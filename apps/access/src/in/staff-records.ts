import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { SubjectErased, type VaultRoom, type Reading } from '#vault/vault.js';

/** Name and addresses of a person, as the vault keeps them. */
export interface Contact {
  readonly name: string;
  readonly email: string;
  readonly phone?: string;
}

/** What the vault keeps of staff: contact, login name, password hash, secret for codes. Each record is written once. */
export class StaffRecords {
  constructor(private readonly room: VaultRoom) {}

  /** The same for every repeat of a command, and another one a part. */
  static idOf(context: CommandContext, part: 'contact' | 'login' | 'password' | 'secret'): string {
    return uuidV5(context.commandId, `${context.digest ?? ''} ${part}`);
  }

  /** The keyed hash under which a login name (already normalised) is known. */
  loginHash(login: string): string {
    return this.room.keyedHash(`login ${login}`);
  }

  /** The keyed hash under which a network is known that somebody signed in from. */
  sourceHash(network: string): string {
    return this.room.keyedHash(`network ${network}`);
  }

  /** Throws `staff/withdrawn` for whoever was erased. */
  async putContact(staffId: string, recordId: string, contact: Contact): Promise<void> {
    const { name, email, phone } = contact;
    await this.#put(staffId, recordId, { name, email, ...(phone === undefined ? {} : { phone }) });
  }

  /** A login name, a password hash or a secret. Throws `staff/withdrawn` for whoever was erased. */
  async putText(staffId: string, recordId: string, text: string): Promise<void> {
    await this.#put(staffId, recordId, { text });
  }

  async #put(subjectId: string, recordId: string, record: Readonly<Record<string, string>>): Promise<void> {
    try {
      await this.room.put({ recordId, subjectId }, record);
    } catch (error) {
      // Only who has left is erased.
      if (error instanceof SubjectErased) throw new DomainRefusal('staff/withdrawn');
      throw error;
    }
  }

  async findText(recordId: string, reading: Reading): Promise<string | undefined> {
    const record = await this.room.find(recordId, reading);
    const text = record?.open()['text'];
    return typeof text === 'string' ? text : undefined;
  }

  /** Destroys everything the vault holds of a person; again is a no-op. */
  async erase(staffId: string): Promise<void> {
    await this.room.erase(staffId);
  }

  /** Contacts by record id; those erased are left out. */
  async contacts(recordIds: readonly string[], reading: Reading): Promise<ReadonlyMap<string, Contact>> {
    const records = await this.room.findMany(recordIds, reading);
    return new Map([...records].map(([id, sealed]) => [id, contactOf(sealed.open())]));
  }
}

function contactOf(record: Readonly<Record<string, unknown>>): Contact {
  const text = (key: string): string => (typeof record[key] === 'string' ? record[key] : '');
  const phone = text('phone');
  return { name: text('name'), email: text('email'), ...(phone === '' ? {} : { phone }) };
}
