import type { CashCountRefusal } from '#domain/fund/cash-count.decide.js';
import type { PeriodRefusal } from '#domain/fund/periods.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';

/** How refusals of closing and reopening periods, and of cash counts, are told. */
export const periodAnswers: RefusalAnswers<PeriodRefusal | CashCountRefusal> = {
  'fund/period-not-over': {
    status: 422,
    vi: 'Chỉ khoá sổ đến trước hôm nay (xem "today").',
    en: 'The books are closed up to a day before today at the latest, see "today".',
  },
  'fund/period-before-fund': {
    status: 422,
    vi: 'Ngày khoá sổ không được trước ngày mở sổ của quỹ.',
    en: 'The books cannot be closed before the fund opened them.',
  },
  'fund/period-closed-before': {
    status: 409,
    vi: 'Sổ đã khoá đến ngày đó hoặc muộn hơn (xem "closedThrough").',
    en: 'The books are closed up to that day or later, see "closedThrough".',
  },
  'fund/period-not-closed': {
    status: 409,
    vi: 'Ngày này chưa khoá sổ.',
    en: 'The books are not closed on that day.',
  },
  'fund/reopening-pending': {
    status: 409,
    vi: 'Đang có một đề nghị mở lại sổ chưa được quyết định.',
    en: 'Somebody has asked already to open the books again; that waits for a decision.',
  },
  'fund/reopening-unknown': {
    status: 404,
    vi: 'Không có đề nghị mở lại sổ nào như vậy đang chờ.',
    en: 'No such request to open the books again is waiting.',
  },
  'fund/same-person': {
    status: 403,
    vi: 'Người đề nghị không được tự quyết định; cần người thứ hai.',
    en: 'Who asked cannot decide; a second person is needed.',
  },
  'fund/approver-made-by-maker': {
    status: 403,
    vi: 'Người đề nghị và người duyệt không độc lập với nhau; cần người duyệt khác.',
    en: 'Who asked and who approves are not independent of each other; another approver is needed.',
  },
  'fund/not-the-maker': {
    status: 403,
    vi: 'Chỉ người đề nghị mới được rút lại.',
    en: 'Only who asked can withdraw it.',
  },
  'fund/denomination-unknown': {
    status: 422,
    vi: 'Không có mệnh giá tiền Việt Nam này (xem "value").',
    en: 'There is no note or coin of this value in đồng, see "value".',
  },
  'fund/denomination-twice': {
    status: 422,
    vi: 'Một mệnh giá được ghi hai lần (xem "value").',
    en: 'A value is listed twice, see "value".',
  },
};
