import type { BankItemCommand } from '#domain/bank-item/bank-item.decide.js';
import type { Classification } from '#domain/bank-item/bank-item.events.js';
import { localDate } from '#kernel/dates.js';
import { vnd } from './amounts.js';
import type { Recorder } from './recorder.js';

/** One of the two banks of a fund. */
type Bank = 'bank.vcb1' | 'bank.mb3';

/**
 * Money that moved between two banks of a fund of its own: one transfer whose other half is claimed, one that nobody has
 * claimed yet, and one that cannot be taken back before the claim is.
 */
export async function ownTransfersStory(recorder: Recorder): Promise<void> {
  const fundId = recorder.id('fund of two banks');
  await recorder.does('lan', recorder.handlers.funds, `fund-${fundId}`, {
    type: 'OpenFund',
    fundId,
    about: {
      code: 'HNH',
      level: 'province',
      regime: 'public-service-unit',
      name: { vi: 'Quỹ hai ngân hàng', en: 'Fund of two banks' },
      decision: { number: '6/QĐ', date: localDate('2023-12-20'), issuer: 'UBND tỉnh (thí dụ)' },
      openedOn: localDate('2024-01-01'),
      zone: 'Asia/Ho_Chi_Minh',
      currency: 'VND',
    },
    bankAccounts: ['bank.vcb1', 'bank.mb3'],
    purposes: [],
    openingBalances: [{ account: 'bank.vcb1', purpose: 'unrestricted', amount: vnd(1_000_000) }],
    today: recorder.today,
  });
  const there: Classification = { as: 'own-transfer', account: 'bank.mb3' };
  await isRecorded(recorder, 'claimed', 'bank.vcb1', -300_000);
  const claimed = await says(recorder, 'claimed', there);
  await isRecorded(recorder, 'claim', 'bank.mb3', 300_000);
  await says(recorder, 'claim', { as: 'posted', entryId: `classification.${claimed}` });
  await isRecorded(recorder, 'unclaimed', 'bank.vcb1', -200_000);
  await says(recorder, 'unclaimed', there);
  await isRecorded(recorder, 'taken back', 'bank.vcb1', -100_000);
  const takenBack = await says(recorder, 'taken back', there);
  await isRecorded(recorder, 'wrong claim', 'bank.mb3', 100_000);
  const claim = await says(recorder, 'wrong claim', { as: 'posted', entryId: `classification.${takenBack}` });
  await isUndone(recorder, 'taken back', takenBack);
  await isUndone(recorder, 'wrong claim', claim);
  await isUndone(recorder, 'taken back', takenBack);
  recorder.keep(`fund-${fundId}`);
}

async function isRecorded(recorder: Recorder, name: string, account: Bank, amount: number): Promise<void> {
  recorder.keep(`bank-item-${recorder.id(`${name} transfer`)}`);
  await act(recorder, name, {
    type: 'RecordBankItem',
    ...{ bankItemId: recorder.id(`${name} transfer`), fundId: recorder.id('fund of two banks'), account },
    ...{ kind: amount < 0 ? 'debit' : 'unexplained', amount: vnd(amount), bookedOn: localDate('2025-01-02') },
    ...{ statementId: recorder.id(`statement of ${account}`), line: 2 },
    memoRecordId: recorder.id(`memo of ${name} transfer`),
  });
}

/** Says what it was; the id of the saying. */
async function says(recorder: Recorder, name: string, classification: Classification): Promise<string> {
  const classificationId = recorder.id(`${name} transfer is said`);
  const by = recorder.id('minh');
  await act(recorder, name, { type: 'ClassifyBankItem', classificationId, classification, by });
  return classificationId;
}

async function isUndone(recorder: Recorder, name: string, classificationId: string): Promise<void> {
  const undo = { by: recorder.id('minh'), reasonRecordId: recorder.id(`why ${name} is undone`) };
  await act(recorder, name, { type: 'UndoClassification', classificationId, ...undo });
}

async function act(recorder: Recorder, name: string, command: BankItemCommand): Promise<void> {
  const stream = `bank-item-${recorder.id(`${name} transfer`)}`;
  await recorder.does('minh', recorder.handlers.bankItems, stream, command);
}
