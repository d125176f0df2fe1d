import { localDate } from '#kernel/dates.js';
import type { PeriodCommand } from '#domain/fund/periods.decide.js';
import type { DraftJournal, JournalCommand } from '#domain/journal/journal.decide.js';
import type { JournalKind } from '#domain/journal/journal.events.js';
import { vnd } from './amounts.js';
import type { Recorder } from './recorder.js';

/** What an accountant does in a fund of its own: journals of every kind and end, closed periods, counted cash. */
export async function booksStory(recorder: Recorder): Promise<void> {
  const fundId = recorder.id('fund of books');
  const { funds } = recorder.handlers;
  await recorder.does('lan', funds, `fund-${fundId}`, {
    type: 'OpenFund',
    fundId,
    about: {
      code: 'SB',
      level: 'province',
      regime: 'public-service-unit',
      name: { vi: 'Quỹ sổ sách', en: 'Fund of books' },
      decision: { number: '5/QĐ', date: localDate('2023-12-20'), issuer: 'UBND tỉnh (thí dụ)' },
      openedOn: localDate('2024-01-01'),
      zone: 'Asia/Ho_Chi_Minh',
      currency: 'VND',
    },
    bankAccounts: ['bank.vcb1'],
    purposes: [],
    openingBalances: [{ account: 'cash', purpose: 'unrestricted', amount: vnd(1_000_000) }],
    today: recorder.today,
  });
  await journals(recorder, fundId);
  await periods(recorder, fundId);
  await recorder.does('minh', funds, `fund-${fundId}`, {
    type: 'CountCash',
    countId: recorder.id('count'),
    denominations: [{ value: '500000', pieces: 1 }],
    today: recorder.today,
  });
}

async function journals(recorder: Recorder, fundId: string): Promise<void> {
  const act = (name: string, who: string, command: JournalCommand) =>
    recorder.does(who, recorder.handlers.journals, `journal-${recorder.id(name)}`, command);
  const write = (name: string, kind: JournalKind, debit: string, credit: string, amount: number) =>
    act(name, 'minh', draft(recorder, fundId, name, kind, debit, credit, amount));
  const yes = { type: 'ApproveJournal', by: recorder.id('lan') } as const;
  await write('to the bank', 'transfer', 'bank.vcb1', 'cash', 200_000);
  await write('pens', 'manual', 'expense.management', 'cash', 50_000);
  await act('pens', 'lan', yes);
  await write('doubted pens', 'manual', 'expense.management', 'cash', 40_000);
  const no = { type: 'RejectJournal', by: recorder.id('lan'), reasonRecordId: recorder.id('why no pens') };
  await act('doubted pens', 'lan', no as JournalCommand);
  await write('no pens', 'manual', 'expense.management', 'cash', 30_000);
  await act('no pens', 'minh', { type: 'WithdrawJournal', by: recorder.id('minh') });
  await act('no pens', 'root', { type: 'EraseJournalTexts', erasures: 0, by: recorder.id('root') });
  await write('too many pens', 'manual', 'expense.management', 'cash', 9_000_000);
  await act('too many pens', 'lan', yes);
  const back = draft(recorder, fundId, 'pens back', 'reversal', 'cash', 'expense.management', 50_000);
  await act('pens back', 'minh', { ...back, reversesEntryId: `journal.${recorder.id('pens')}` });
  await act('pens back', 'lan', yes);
}

function draft(
  recorder: Recorder,
  fundId: string,
  name: string,
  kind: JournalKind,
  debit: string,
  credit: string,
  amount: number,
): DraftJournal {
  return {
    type: 'DraftJournal',
    ...{ fundId, kind },
    postings: [
      { account: debit, purpose: 'unrestricted', amount: vnd(amount) },
      { account: credit, purpose: 'unrestricted', amount: vnd(-amount) },
    ],
    effectiveOn: localDate('2024-12-01'),
    textRecordId: recorder.id(`text of ${name}`),
    by: recorder.id('minh'),
    enabledBy: [recorder.id('an')],
  };
}

async function periods(recorder: Recorder, fundId: string): Promise<void> {
  const [minh, lan] = [recorder.id('minh'), recorder.id('lan')];
  const act = (who: string, command: PeriodCommand) =>
    recorder.does(who, recorder.handlers.funds, `fund-${fundId}`, command);
  const ask = (name: string) =>
    act('minh', {
      type: 'AskReopening',
      reopeningId: recorder.id(name),
      from: localDate('2024-12-01'),
      by: minh,
      enabledBy: [recorder.id('an')],
      reasonRecordId: recorder.id('why open'),
    });
  await act('minh', {
    type: 'ClosePeriod',
    through: localDate('2024-12-31'),
    today: localDate('2025-01-10'),
  });
  await ask('rejected');
  const reasonRecordId = recorder.id('why not open');
  await act('lan', {
    type: 'RejectReopening',
    reopeningId: recorder.id('rejected'),
    by: lan,
    reasonRecordId,
  });
  await ask('withdrawn');
  await act('minh', { type: 'WithdrawReopening', reopeningId: recorder.id('withdrawn'), by: minh });
  await act('root', {
    type: 'EraseReopeningTexts',
    ...{ reopeningId: recorder.id('withdrawn'), erasures: 0, by: recorder.id('root') },
  });
  await ask('agreed');
  await act('lan', { type: 'ApproveReopening', reopeningId: recorder.id('agreed'), by: lan });
}
