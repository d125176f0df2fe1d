import { Inject, Injectable } from '@nestjs/common';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import type { JsonObject } from '#kernel/json.js';
import { VAULT } from '#platform/tokens.js';
import { eraseAbout, sealAbout } from '#vault/later-subjects.js';
import { SubjectErased, type Reading, type Vault, type VaultRoom } from '#vault/vault.js';
import type { ContactBody, DonorDetailsBody } from './donors.http.js';

/** Who two vault subjects are: the payer on vouchers, and where mail goes, so that each can be erased by itself. */
export interface DonorSubjects {
  readonly subjectId: string;
  readonly contactSubjectId: string;
}

/** What a bank wrote of a row of a statement; empty where it wrote nothing. */
export interface BankMemo {
  /** The memo: a claim, not an identity. */
  readonly text: string;
  readonly reference: string;
  readonly counterparty: string;
}

/** What is known of a donor, opened from the vault. */
export interface OpenedDonor {
  readonly name: string | null;
  readonly address: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly contactPerson: string | null;
}

/**
 * Names, addresses and free text on their way into the vault and out of it. Records are written under ids derived from
 * the command and its body, before the event that names them, so that a repeat writes nothing twice.
 */
@Injectable()
export class PersonalData {
  readonly #room: VaultRoom;

  constructor(@Inject(VAULT) vault: Vault) {
    this.#room = vault.room('donors');
  }

  /** The id under which this command seals this part of its body. */
  static recordIdOf(context: CommandContext, part: string): string {
    return uuidV5(context.commandId, `${context.digest ?? ''}/${part}`);
  }

  /** Seals name and address, to be found by the words of the name within the fund; returns the record's id. */
  async sealIdentity(
    fundId: string,
    subjectId: string,
    { name, address }: DonorDetailsBody,
    context: CommandContext,
  ): Promise<string> {
    const recordId = PersonalData.recordIdOf(context, 'identity');
    const content = present({ name, address });
    await this.#room.put({ recordId, subjectId }, content, { scope: fundId, searchable: [name] });
    return recordId;
  }

  /** Seals where mail goes; undefined, and nothing sealed, when the body says nothing of it. */
  async sealContact(
    subjectId: string,
    { email, phone, contactPerson }: ContactBody,
    context: CommandContext,
  ): Promise<string | undefined> {
    const content = present({ email, phone, contactPerson });
    if (Object.keys(content).length === 0) return undefined;
    const recordId = PersonalData.recordIdOf(context, 'contact');
    await this.#room.put({ recordId, subjectId }, content);
    return recordId;
  }

  /** Seals free text about a donation: with its donor, or with the donation itself where there is none any more. */
  async sealText(
    part: 'reason' | 'memo',
    text: string,
    about: { readonly subjectId?: string; readonly id: string },
    context: CommandContext,
  ): Promise<string> {
    const recordId = PersonalData.recordIdOf(context, part);
    if (about.subjectId !== undefined && (await this.#sealedFor(about.subjectId, recordId, text)))
      return recordId;
    await sealAbout(this.#room, about.id, recordId, { text });
    return recordId;
  }

  /** Seals what a bank wrote of rows, each under a subject of its own; some hundreds at a time, all or none. */
  async sealMemos(
    memos: readonly {
      readonly recordId: string;
      readonly subjectId: string;
      readonly memo: BankMemo;
    }[],
  ): Promise<void> {
    await this.#room.putMany(
      memos.map(({ recordId, subjectId, memo }) => ({
        address: { recordId, subjectId },
        content: present({ ...memo }),
      })),
    );
  }

  /** What a bank wrote of a row; undefined where it wrote nothing or it was erased. */
  async openMemo(recordId: string, reading: Reading): Promise<BankMemo | undefined> {
    const content = (await this.#room.find(recordId, reading))?.open();
    if (!content) return undefined;
    const written = (field: string): string => text(content, field) ?? '';
    return {
      text: written('text'),
      reference: written('reference'),
      counterparty: written('counterparty'),
    };
  }

  /** Whether a person's key has sealed it: not where that person was erased. */
  async #sealedFor(subjectId: string, recordId: string, text: string): Promise<boolean> {
    try {
      await this.#room.put({ recordId, subjectId }, { text });
      return true;
    } catch (error) {
      if (error instanceof SubjectErased) return false;
      throw error;
    }
  }

  /** Names by identity record; erased ones are left out. Each is logged as read. */
  async names(recordIds: readonly string[], reading: Reading): Promise<ReadonlyMap<string, string>> {
    const records = await this.#room.findMany(recordIds, reading);
    return new Map([...records].map(([recordId, sealed]) => [recordId, text(sealed.open(), 'name') ?? '']));
  }

  /** Free texts by record; erased ones are left out. Each is logged as read. */
  async texts(recordIds: readonly string[], reading: Reading): Promise<ReadonlyMap<string, string>> {
    const records = await this.#room.findMany(recordIds, reading);
    return new Map([...records].map(([recordId, sealed]) => [recordId, text(sealed.open(), 'text') ?? '']));
  }

  /** All that is known of a donor; null where it is not known or was erased. */
  async openDonor(
    records: { readonly identityRecordId: string; readonly contactRecordId?: string },
    reading: Reading,
  ): Promise<OpenedDonor> {
    const { identityRecordId, contactRecordId } = records;
    const ids = [identityRecordId, ...(contactRecordId === undefined ? [] : [contactRecordId])];
    const found = await this.#room.findMany(ids, reading);
    const identity = found.get(identityRecordId)?.open() ?? {};
    const contact = found.get(contactRecordId ?? '')?.open() ?? {};
    return {
      name: text(identity, 'name'),
      address: text(identity, 'address'),
      email: text(contact, 'email'),
      phone: text(contact, 'phone'),
      contactPerson: text(contact, 'contactPerson'),
    };
  }

  /** Identity records of the fund whose names have these words or beginnings, accents or not, newest first. */
  async search(fundId: string, words: string, limit: number, reading: Reading): Promise<readonly string[]> {
    return this.#room.search(fundId, words, limit, reading);
  }

  /** Destroys what was said of a donation or an item since its last erasure, of which there were so many. */
  async eraseTextsAbout(id: string, erasures: number): Promise<void> {
    await eraseAbout(this.#room, id, erasures);
  }

  /** Destroys everything kept under a subject. */
  async erase(subjectId: string): Promise<void> {
    await this.#room.erase(subjectId);
  }
}

function present(fields: Readonly<Record<string, string | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

function text(content: JsonObject, field: string): string | null {
  const value = content[field];
  return typeof value === 'string' ? value : null;
}
