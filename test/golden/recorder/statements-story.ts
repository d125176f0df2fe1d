import type { BankItemCommand, RecordBankItem } from '#domain/bank-item/bank-item.decide.js';
import type { Classification } from '#domain/bank-item/bank-item.events.js';
import type { UploadStatement } from '#domain/statement/statement.decide.js';
import { localDate } from '#kernel/dates.js';
import { vnd } from './amounts.js';
import { record } from './donations-story.js';
import type { Recorder } from './recorder.js';

const booked = localDate('2025-01-02');
const fee: Classification = { as: 'bank-fee', purpose: 'unrestricted' };
const other: Classification = { as: 'other', account: 'expense.other', purpose: 'unrestricted' };

/** Everything that can happen to a bank's statement, and to what it says besides donations. */
export async function statementsStory(recorder: Recorder): Promise<void> {
  await statementsComeIn(recorder);
  await moneyIsExplained(recorder);
  await moneyWentOut(recorder);
  await booksThatAreNotThere(recorder);
}

async function statementsComeIn(recorder: Recorder): Promise<void> {
  const { statements } = recorder.handlers;
  const [kept, wrong] = ['statement', 'wrong statement'].map((name) => recorder.id(name)) as [string, string];
  const stream = `statement-${kept}`;
  await recorder.does('minh', statements, stream, upload(recorder, kept));
  await recorder.does('minh', statements, stream, {
    type: 'ConfirmStatement',
    found: { bookBalance: vnd(0), newRows: 3, doubts: [], otherHalves: [] },
    ...{ seen: { openingEntry: vnd(500_000), doubts: [] }, by: recorder.id('minh') },
  });
  const rows = { donations: 1, debits: 1, unexplained: 1, known: 0 };
  await recorder.does('minh', statements, stream, { type: 'CompleteImport', ...rows });
  await recorder.does('minh', statements, `statement-${wrong}`, upload(recorder, wrong));
  const discard = { type: 'DiscardStatement', by: recorder.id('minh') } as const;
  await recorder.does('minh', statements, `statement-${wrong}`, discard);
}

function upload(recorder: Recorder, statementId: string): UploadStatement {
  const columns = { date: 'Ngày', details: 'Nội dung', amount: 'Số tiền', balance: 'Số dư' };
  const flaw = { line: 4, date: booked, expected: vnd(700_000), found: vnd(710_000) };
  return {
    type: 'UploadStatement',
    ...{ statementId, account: 'bank.mb3', currency: 'VND', today: recorder.today, by: recorder.id('minh') },
    fund: { fundId: recorder.id('fund'), openedOn: localDate('2024-01-01') },
    file: { fileRecordId: recorder.id(`file of ${statementId}`), digest: 'digest', bytes: 1_234 },
    profile: {
      ...{ name: 'another bank', columns, dateFormat: 'dd/mm/yyyy', decimal: ',', thousands: '.' },
      ...{ order: 'newest-first', footers: ['Cộng'] },
    },
    totals: {
      ...{
        rows: 3,
        opening: vnd(500_000),
        closing: vnd(699_000),
        credits: vnd(200_000),
        debits: vnd(11_000),
      },
      breaks: [{ ...flaw, difference: vnd(10_000) }],
      ...{ firstOn: localDate('2025-01-01'), lastOn: booked },
    },
    foreseen: {
      ...{ donations: 1, debits: 1, unexplained: 1, known: 0, misdirected: 0, bookBalance: vnd(0) },
      campaigns: [{ campaignId: recorder.id('campaign'), code: 'AO-AM', donations: 1, amount: vnd(200_000) }],
    },
  };
}

async function moneyIsExplained(recorder: Recorder): Promise<void> {
  const name = 'unexplained';
  await recordItem(recorder, name, { kind: 'unexplained', amount: vnd(10_000) });
  const classificationId = await says(recorder, name, { as: 'donation', language: 'vi' });
  const bankItemId = recorder.id(name);
  const donation = { account: 'bank.mb3', amount: vnd(10_000), bankItemId, receivedOn: booked };
  await record(recorder, `${name} is said`, donation);
  const { donations } = recorder.handlers;
  const stream = `donation-${classificationId}`;
  const voidId = recorder.id('no donation');
  const reasonRecordId = recorder.id('why no donation');
  await recorder.does('minh', donations, stream, {
    type: 'RequestVoid',
    ...{ voidId, by: recorder.id('minh'), reasonRecordId },
  });
  const approval = { type: 'ApproveUndoing', kind: 'void', id: voidId, by: recorder.id('lan') } as const;
  await recorder.does('lan', donations, stream, { ...approval, today: recorder.today });
}

async function moneyWentOut(recorder: Recorder): Promise<void> {
  await recordItem(recorder, 'debit', { kind: 'debit', amount: vnd(-11_000) });
  const nowhere = await says(recorder, 'debit', { as: 'bank-fee', purpose: recorder.id('no purpose') });
  const charged = await says(recorder, 'debit', fee, 'again');
  const undo = { by: recorder.id('minh'), reasonRecordId: recorder.id('why undone') };
  await act(recorder, 'debit', { type: 'UndoClassification', classificationId: charged, ...undo });
  const doubted = await says(recorder, 'debit', other, 'by two');
  const reject = { by: recorder.id('lan'), reasonRecordId: recorder.id(`why not ${nowhere}`) };
  await act(recorder, 'debit', { type: 'RejectClassification', classificationId: doubted, ...reject });
  const agreed = await says(recorder, 'debit', other, 'by two again');
  const approve = {
    type: 'ApproveClassification',
    classificationId: agreed,
    by: recorder.id('lan'),
  } as const;
  await act(recorder, 'debit', { ...approve, enabledBy: [recorder.id('root')] });
  await act(recorder, 'debit', { type: 'EraseItemTexts', erasures: 0, by: recorder.id('root') });
}

/** Its fund does not answer: what the ledger would say is said here. */
async function booksThatAreNotThere(recorder: Recorder): Promise<void> {
  const name = 'debit elsewhere';
  await recordItem(recorder, name, {
    ...{ kind: 'debit', amount: vnd(-5_000), fundId: recorder.id('no fund') },
  });
  const classificationId = await says(recorder, name, fee);
  const settled = { classificationId, of: 'classification', entryId: 'entry' } as const;
  await act(recorder, name, { type: 'SettleClassification', ...settled });
  const undo = { by: recorder.id('minh'), reasonRecordId: recorder.id('why undone elsewhere') };
  await act(recorder, name, { type: 'UndoClassification', classificationId, ...undo });
  const declined = { classificationId, of: 'undoing', code: 'fund/short', shortBy: vnd(1) } as const;
  await act(recorder, name, { type: 'DeclineClassification', ...declined });
}

function recordItem(
  recorder: Recorder,
  name: string,
  given: Pick<RecordBankItem, 'kind' | 'amount'> & Partial<RecordBankItem>,
): Promise<void> {
  return act(recorder, name, {
    type: 'RecordBankItem',
    ...{ bankItemId: recorder.id(name), fundId: recorder.id('fund'), account: 'bank.mb3' },
    ...{ bookedOn: booked, statementId: recorder.id('statement'), line: 4 },
    memoRecordId: recorder.id(`memo of ${name}`),
    ...given,
  });
}

/** Says what an item was; the id of the saying. */
async function says(
  recorder: Recorder,
  name: string,
  classification: Classification,
  again = '',
): Promise<string> {
  const classificationId = recorder.id(`${name} is said${again === '' ? '' : ` ${again}`}`);
  const said = { by: recorder.id('minh'), enabledBy: [recorder.id('root')], classification };
  const noteRecordId = recorder.id(`note on ${name}`);
  await act(recorder, name, { type: 'ClassifyBankItem', classificationId, ...said, noteRecordId });
  return classificationId;
}

async function act(recorder: Recorder, name: string, command: BankItemCommand): Promise<void> {
  await recorder.does('minh', recorder.handlers.bankItems, `bank-item-${recorder.id(name)}`, command);
}
