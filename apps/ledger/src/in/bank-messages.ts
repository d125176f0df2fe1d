import {
  bankItemClassifiedV1,
  bankItemRecordedV1,
  classificationUndoneV1,
  statementConfirmedV1,
} from '#contracts/donations.v1.js';
import type { bankItemBlock } from '#contracts/source-block.js';
import type { BankItem } from '#domain/fund/bank-item.events.js';
import type { PostBankItem, PostStatement } from '#domain/fund/bank-items.decide.js';
import type { ClassifyBankItem, UndoClassification } from '#domain/fund/classification.decide.js';
import { localDate } from '#kernel/dates.js';
import type { Message } from '#kernel/message.js';
import type { z } from 'zod';

/** What a confirmed statement asks of its fund. Throws `ZodError`, as all here do where the data breaks its contract. */
export function statementOf({ data, time }: Message): PostStatement {
  const { statementId, account, openingEntry } = statementConfirmedV1.parse(data);
  const opening = openingEntry && {
    amount: openingEntry.amount,
    effectiveOn: localDate(openingEntry.effectiveOn),
  };
  const command = { type: 'PostStatement', statementId, account, toldAt: time } as const;
  return opening ? { ...command, openingEntry: opening } : command;
}

/** What a movement of a bank account asks of its fund. */
export function bankItemOf({ data, time }: Message): PostBankItem {
  const { item } = bankItemRecordedV1.parse(data);
  return { type: 'PostBankItem', item: itemOf(item), toldAt: time };
}

/** What was said of a bank item asks of its fund; undefined for a donation, which is posted with that donation. */
export function classificationOf({ data, time }: Message): ClassifyBankItem | undefined {
  const said = saidIn(bankItemClassifiedV1.parse(data), time);
  return said && { type: 'ClassifyBankItem', ...said };
}

/** What was said of a bank item and taken back asks of its fund; undefined for a donation, which is void then. */
export function classificationUndoneOf({ data, time }: Message): UndoClassification | undefined {
  const said = saidIn(classificationUndoneV1.parse(data), time);
  return said && { type: 'UndoClassification', ...said };
}

function saidIn(
  { classificationId, item, classification }: z.infer<typeof bankItemClassifiedV1>,
  toldAt: string,
) {
  if (classification.as === 'donation') return undefined;
  return { classificationId, item: itemOf(item), classification, toldAt };
}

function itemOf(block: z.infer<typeof bankItemBlock>): BankItem {
  const { fundId: _fundId, bookedOn, ...item } = block;
  return { ...item, bookedOn: localDate(bookedOn) };
}
