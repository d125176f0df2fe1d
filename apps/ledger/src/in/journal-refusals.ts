import type { JournalRefusal } from '#domain/journal/journal.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import { ledgerAnswers } from './ledger.http.js';

/** Why a journal is not taken as it was written. */
export type JournalFormRefusal =
  'journal/reversal-malformed' | 'journal/entry-not-reversible' | 'journal/reversal-before-entry';

/** How refusals of a journal are told, those of its fund among them. */
export const journalAnswers: RefusalAnswers<
  JournalRefusal | JournalFormRefusal | keyof typeof ledgerAnswers
> = {
  ...ledgerAnswers,
  'journal/unknown': { status: 404, vi: 'Không có chứng từ ghi sổ này.', en: 'There is no such journal.' },
  'journal/lines-missing': {
    status: 422,
    vi: 'Chứng từ ghi sổ cần ít nhất hai dòng.',
    en: 'A journal has two lines at least.',
  },
  'journal/line-of-nothing': {
    status: 422,
    vi: 'Mỗi dòng phải có số tiền khác không.',
    en: 'A line of nothing says nothing; leave it out.',
  },
  'journal/not-balanced': {
    status: 422,
    vi: 'Nợ và có phải bằng nhau theo từng mục đích và loại tiền; xem "of" và "by".',
    en: 'Debits equal credits for each purpose and currency; see "of" and "by".',
  },
  'journal/reversal-malformed': {
    status: 422,
    vi: 'Bút toán đảo chỉ ghi mã bút toán cần đảo ("reverses"), không ghi dòng; các loại khác thì ngược lại.',
    en: 'A reversal names the entry in "reverses" and has no lines; every other kind the other way round.',
  },
  'journal/entry-not-reversible': {
    status: 422,
    vi: 'Chỉ đảo được bút toán từ chứng từ ghi sổ và số dư đầu kỳ; khoản ủng hộ và sao kê có cách hoàn tác riêng.',
    en: 'Only journals and opening entries are reversed like this; donations and bank items are undone in their own way.',
  },
  'journal/reversal-before-entry': {
    status: 422,
    vi: 'Bút toán đảo không được ghi trước ngày của bút toán được đảo; xem "effectiveOn".',
    en: 'A reversal counts no earlier than the entry that it reverses; see "effectiveOn".',
  },
  'journal/decided': {
    status: 409,
    vi: 'Chứng từ ghi sổ này đã được quyết định (xem "status").',
    en: 'The journal was decided already, see "status".',
  },
  'journal/same-person': {
    status: 403,
    vi: 'Người lập không được tự quyết định; cần người thứ hai.',
    en: 'Who wrote it cannot decide; a second person is needed.',
  },
  'journal/approver-made-by-maker': {
    status: 403,
    vi: 'Người lập và người duyệt không độc lập với nhau; cần người duyệt khác.',
    en: 'Who wrote it and who approves are not independent of each other; another approver is needed.',
  },
  'journal/not-the-maker': {
    status: 403,
    vi: 'Chỉ người lập mới được rút lại.',
    en: 'Only who wrote it can withdraw it.',
  },
};
