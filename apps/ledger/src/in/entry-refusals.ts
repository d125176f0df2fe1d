import type { EntryRefusal } from '#domain/fund/entry.events.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** How refusals of entries are told that come with more than one document; they also travel as codes in messages. */
export const entryAnswers: RefusalAnswers<
  Exclude<EntryRefusal, 'fund/purpose-unknown' | 'fund/purpose-closed'>
> = {
  'fund/short': {
    status: 409,
    vi: 'Mục đích này không còn đủ tiền; "shortBy" cho biết thiếu bao nhiêu.',
    en: 'The purpose no longer holds enough money; "shortBy" says how much is missing.',
  },
  'fund/account-short': {
    status: 409,
    vi: 'Tài khoản chi không đủ tiền; hãy chi từ tài khoản khác.',
    en: 'The account that pays does not hold enough; pay from another one.',
  },
  'fund/stock-short': {
    status: 409,
    vi: 'Hiện vật không còn đủ trong kho.',
    en: 'The things are no longer all in stock.',
  },
  'fund/account-unknown': {
    status: 422,
    vi: 'Quỹ không có tài khoản này.',
    en: 'The fund has no such account.',
  },
  'fund/account-of-documents': {
    status: 422,
    vi: 'Tài khoản này chỉ thay đổi theo chứng từ (khoản ủng hộ, sao kê, hiện vật); hãy lập chứng từ tương ứng.',
    en: 'Only documents move this account: a donation, a bank statement, things. Record the document.',
  },
  'fund/account-not-of-kind': {
    status: 422,
    vi: 'Tài khoản hoặc bên nợ/có không hợp với loại chứng từ ghi sổ này.',
    en: 'This account, or its side, does not go with this kind of journal.',
  },
  'fund/already-reversed': {
    status: 409,
    vi: 'Khoản ủng hộ này đã được hoàn trả hết hoặc đã huỷ.',
    en: 'The donation was paid back in full or voided already.',
  },
  'fund/period-closed': {
    status: 409,
    vi: 'Kỳ kế toán của ngày này đã khoá sổ; hãy ghi vào ngày còn mở hoặc đề nghị mở lại sổ.',
    en: 'The books are closed for this day; choose a day that is open, or ask to open them again.',
  },
  'fund/before-fund': {
    status: 422,
    vi: 'Ngày hạch toán không được trước ngày mở sổ của quỹ.',
    en: 'The accounting date cannot be before the fund opened its books.',
  },
  'fund/in-future': {
    status: 422,
    vi: 'Ngày hạch toán không được sau hôm nay.',
    en: 'The accounting date cannot be after today.',
  },
  'fund/given-for-purpose': {
    status: 409,
    vi: 'Khoản này được ủng hộ cho một mục đích cụ thể; phải giữ đúng mục đích đó.',
    en: 'This was given for a purpose of its own, and stays there.',
  },
  'fund/entry-unknown': {
    status: 409,
    vi: 'Không có bút toán chưa đối chiếu nào như vậy trên tài khoản này với đúng số tiền này.',
    en: 'No entry like this waits for a bank item of this account and this sum.',
  },
  'fund/entry-reversed': {
    status: 409,
    vi: 'Bút toán này đã được đảo.',
    en: 'The entry was reversed already.',
  },
  'fund/entry-claimed': {
    status: 409,
    vi: 'Sao kê đã được đối chiếu với bút toán này; hãy hoàn tác phân loại đó trước.',
    en: 'A bank item was found to be this entry; take that classification back first.',
  },
  'fund/item-classified': {
    status: 409,
    vi: 'Khoản trên sao kê này đã được ghi sổ theo phân loại khác.',
    en: 'The books say already what this bank item was.',
  },
  'fund/item-not-classified': {
    status: 409,
    vi: 'Phân loại này không có trong sổ.',
    en: 'This classification does not stand in the books.',
  },
};
