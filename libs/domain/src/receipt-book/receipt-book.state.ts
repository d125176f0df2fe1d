import type {
  Bilingual,
  Payer,
  ReceiptBookEvent,
  ReceiptFund,
  ReceiptIssued,
} from './receipt-book.events.js';
import { firstIncarnation } from './receipt-number.policy.js';
import { builtInTemplate, type ReceiptTemplate } from './receipt-template.policy.js';

/** One year's running numbers. */
export interface Series {
  readonly letter: string;
  /** The store's incarnation when it opened: one more than the restores before it. */
  readonly incarnation: number;
  /** The last number given; 0 for none yet. */
  readonly last: number;
}

/** A book that gives numbers. Its size follows the years, the purposes and what people had reissued, never the receipts. */
export interface OpenReceiptBook {
  readonly status: 'open';
  readonly fund: ReceiptFund;
  /** The running series of each year. */
  readonly series: Readonly<Record<string, Series>>;
  /** The last restore that a message showed to be past; later years than `throughYear` need no letter. */
  readonly restore: { readonly incarnation: number; readonly throughYear: string };
  readonly purposes: Readonly<Record<string, Bilingual>>;
  readonly template: ReceiptTemplate;
  readonly templateVersion: number;
  /** How many receipts were voided in all. */
  readonly voidings: number;
  /** The donations of the last {@link recentVoidingsMax} of them, oldest first. */
  readonly recentVoidings: readonly string[];
  /** By donation, the payer that a person's reissue named last: who paid, whatever later entries of it say. */
  readonly payers: Readonly<Record<string, Payer>>;
  /** By donation, whose keys seal the contacts of all whom staff named on its receipts and who are no registered donors. */
  readonly strangers: Readonly<Record<string, readonly string[]>>;
}

/** A fund's receipt book. */
export type ReceiptBookState = { readonly status: 'none' } | OpenReceiptBook;

/** How far a reader of the register may lag behind and still have a receipt reissued. */
export const recentVoidingsMax = 256;

/** Raise it whenever the shape of the state or {@link evolveReceiptBook} changes: older snapshots are then ignored. */
export const receiptBookStateVersion = 4;

/** The state before the first event. */
export const noReceiptBook: ReceiptBookState = { status: 'none' };

/** Folds one event; never mutates. */
export function evolveReceiptBook(state: ReceiptBookState, event: ReceiptBookEvent): ReceiptBookState {
  if (event.type === 'ReceiptBookOpened') return opened(event.data);
  return state.status === 'none' ? state : evolveOpen(state, event);
}

function opened(fund: ReceiptFund): OpenReceiptBook {
  return {
    status: 'open',
    fund,
    series: {},
    restore: { incarnation: firstIncarnation, throughYear: '' },
    purposes: {},
    template: builtInTemplate,
    templateVersion: 0,
    voidings: 0,
    recentVoidings: [],
    payers: {},
    strangers: {},
  };
}

function evolveOpen(
  state: OpenReceiptBook,
  event: Exclude<ReceiptBookEvent, { type: 'ReceiptBookOpened' }>,
): OpenReceiptBook {
  switch (event.type) {
    case 'ReceiptPurposeNamed':
      return { ...state, purposes: { ...state.purposes, [event.data.purpose]: event.data.name } };
    case 'ReceiptTemplateChanged':
      return { ...state, template: event.data.template, templateVersion: event.data.version };
    case 'RestoreNoticed':
      return {
        ...state,
        restore: { incarnation: event.data.incarnation, throughYear: event.data.throughYear },
      };
    case 'ReceiptSeriesOpened': {
      const { year, letter, incarnation } = event.data;
      return { ...state, series: { ...state.series, [year]: { letter, incarnation, last: 0 } } };
    }
    case 'ReceiptIssued':
      return issued(state, event.data);
    case 'ReceiptVoided': {
      const { donationId, voiding } = event.data;
      const recentVoidings = [...state.recentVoidings, donationId].slice(-recentVoidingsMax);
      return { ...state, voidings: voiding, recentVoidings };
    }
  }
}

/** Only what a person has reissued carries a reason. */
function issued(
  state: OpenReceiptBook,
  { year, letter, sequence, donation, reasonRecordId, payerMatched }: ReceiptIssued['data'],
): OpenReceiptBook {
  const incarnation = state.series[year]?.incarnation ?? firstIncarnation;
  const series = { ...state.series, [year]: { letter, incarnation, last: sequence } };
  if (payerMatched) {
    const { [donation.donationId]: _named, ...payers } = state.payers;
    return { ...state, series, payers };
  }
  if (reasonRecordId === undefined) return { ...state, series };
  const { donationId, payer } = donation;
  const payers = { ...state.payers, [donationId]: payer };
  return { ...state, series, payers, strangers: withStranger(state.strangers, donationId, payer) };
}

function withStranger(
  strangers: OpenReceiptBook['strangers'],
  donationId: string,
  payer: Payer,
): OpenReceiptBook['strangers'] {
  if (payer.kind !== 'named' || payer.unregistered !== true || payer.contactSubjectId === undefined)
    return strangers;
  const known = strangers[donationId] ?? [];
  return { ...strangers, [donationId]: [...new Set([...known, payer.contactSubjectId])] };
}
