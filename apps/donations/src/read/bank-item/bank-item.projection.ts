import type { BankItemEvent, BankItemRecorded, Classification } from '#domain/bank-item/bank-item.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A bank item as lists show it; what the bank wrote of it stays in the vault. */
export type BankItemRow = {
  readonly bank_item_id: string;
  readonly fund_id: string;
  readonly account: string;
  /** `debit` or `unexplained`. */
  readonly kind: string;
  /** What it did to the account, in minor units: below zero where money went out. */
  readonly amount: string;
  readonly currency: string;
  readonly booked_on: string;
  readonly statement_id: string;
  readonly line: number;
  /** `open`, `proposed`, `asked`, `posted` or `undoing`. */
  readonly status: string;
  /** What is said of it now, such as `bank-fee`, and under which id. */
  readonly said: string | null;
  readonly classification_id: string | null;
  /** Of an own transfer: the other bank account. */
  readonly other_account: string | null;
  /** Of what is posted already: the entry that says it. */
  readonly claims_entry: string | null;
  readonly recorded_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** What statements say besides donations. */
export const bankItemProjection: Projection<BankItemRow> = {
  name: 'donations.bank_item',
  // 2: what own transfers and claims name.
  version: 2,
  key: 'bank_item_id',
  columns: {
    bank_item_id: 'uuid',
    fund_id: 'uuid',
    account: 'text',
    kind: 'text',
    amount: 'numeric',
    currency: 'text',
    booked_on: 'date',
    statement_id: 'uuid',
    line: 'integer',
    status: 'text',
    said: 'text',
    classification_id: 'uuid',
    other_account: 'text',
    claims_entry: 'text',
    recorded_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [
    { columns: ['fund_id', 'status', 'incarnation', 'number'] },
    { columns: ['fund_id', 'incarnation', 'number'] },
    { columns: ['statement_id'] },
    { columns: ['fund_id', 'other_account'] },
    { columns: ['claims_entry'] },
    { columns: ['classification_id'] },
  ],
  streams: ['bank-item-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('bank-item-'.length)]),
  project: (row, event) => {
    const known = event as RecordedEvent<BankItemEvent>;
    if (known.type === 'BankItemRecorded') return recorded(known);
    return row && said(row, known);
  },
};

const nothingSaid = { said: null, classification_id: null, other_account: null, claims_entry: null } as const;

function recorded({ data, position, recordedAt }: RecordedEvent<BankItemRecorded>): BankItemRow {
  const { bankItemId, fundId, account, kind, amount, bookedOn, statementId, line } = data;
  return {
    ...{ bank_item_id: bankItemId, fund_id: fundId, account, kind },
    ...{ amount: amount.amount, currency: amount.currency, booked_on: bookedOn },
    ...{ statement_id: statementId, line, status: 'open', ...nothingSaid },
    recorded_at: recordedAt,
    ...{ incarnation: position.incarnation, number: position.number.toString() },
  };
}

function said(row: BankItemRow, event: RecordedEvent<Exclude<BankItemEvent, BankItemRecorded>>): BankItemRow {
  switch (event.type) {
    case 'ClassificationProposed':
    case 'BankItemClassified': {
      const { classificationId, classification } = event.data;
      const status = event.type === 'BankItemClassified' ? 'asked' : 'proposed';
      return { ...row, status, ...saidColumns(classification), classification_id: classificationId };
    }
    case 'ClassificationPosted':
    case 'ClassificationReversalDeclined':
      return { ...row, status: 'posted' };
    case 'ClassificationUndone':
      return { ...row, status: 'undoing' };
    case 'BankItemTextsErased':
      return row;
    case 'ClassificationRejected':
    case 'ClassificationDeclined':
    case 'ClassificationReversed':
    case 'BankItemReleased':
      return { ...row, status: 'open', ...nothingSaid };
  }
}

function saidColumns(classification: Classification) {
  const { as } = classification;
  return {
    said: as,
    other_account: as === 'own-transfer' ? classification.account : null,
    claims_entry: as === 'posted' ? classification.entryId : null,
  };
}
