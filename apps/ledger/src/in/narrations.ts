import { Inject, Injectable } from '@nestjs/common';
import { uuidV5 } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { VAULT } from '#platform/tokens.js';
import { eraseAbout, sealAbout } from '#vault/later-subjects.js';
import type { Reading, Vault, VaultRoom } from '#vault/vault.js';

/**
 * Narrations and reasons in free text, on their way into the vault and out of it. A record is written under an id derived
 * from the command and its body, before the event that names it, so that a repeat writes nothing twice.
 */
@Injectable()
export class Narrations {
  readonly #room: VaultRoom;

  constructor(@Inject(VAULT) vault: Vault) {
    this.#room = vault.room('books');
  }

  /** Seals a text about a journal or a reopening under its key; returns the record's id. */
  async seal(text: string, aboutId: string, context: CommandContext): Promise<string> {
    const recordId = uuidV5(context.commandId, `${context.digest ?? ''}/text`);
    await sealAbout(this.#room, aboutId, recordId, { text });
    return recordId;
  }

  /** Destroys what was sealed about it since its last erasure, of which there were so many. */
  async erase(aboutId: string, erasures: number): Promise<void> {
    await eraseAbout(this.#room, aboutId, erasures);
  }

  /** Texts by record; those that are gone are left out. Each is logged as read. */
  async texts(recordIds: readonly string[], reading: Reading): Promise<ReadonlyMap<string, string>> {
    const records = await this.#room.findMany(recordIds, reading);
    return new Map([...records].map(([recordId, sealed]) => [recordId, textOf(sealed.open()['text'])]));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
