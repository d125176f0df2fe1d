import type { PledgeRefusal } from '#domain/pledge/pledge.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import { factAnswers } from './fact-refusals.js';
import type { FactRefusal } from './facts.js';

/** How refusals of a pledge are told. */
export const pledgeAnswers: RefusalAnswers<PledgeRefusal | FactRefusal> = {
  ...factAnswers,
  'pledge/unknown': {
    status: 404,
    vi: 'Không có cam kết này.',
    en: 'There is no such pledge.',
  },
  'pledge/amount-not-positive': {
    status: 422,
    vi: 'Số tiền cam kết phải lớn hơn 0.',
    en: 'The sum pledged must be more than nothing.',
  },
  'pledge/campaign-closed': {
    status: 409,
    vi: 'Đợt vận động đã kết thúc tiếp nhận.',
    en: 'The campaign no longer receives.',
  },
  'pledge/due-in-past': {
    status: 422,
    vi: 'Hạn thực hiện không được trước hôm nay.',
    en: 'The due date cannot be before today.',
  },
  'pledge/due-before-campaign': {
    status: 422,
    vi: 'Hạn thực hiện không được trước ngày đợt vận động bắt đầu tiếp nhận; xem "opensOn".',
    en: 'The due date cannot be before the campaign begins to receive; see "opensOn".',
  },
  'pledge/due-after-campaign': {
    status: 422,
    vi: 'Hạn thực hiện không được sau ngày cuối cùng đợt vận động tiếp nhận; xem "closesOn".',
    en: 'The due date cannot be after the last day on which the campaign receives; see "closesOn".',
  },
  'pledge/fulfilled': {
    status: 409,
    vi: 'Cam kết đã được thực hiện đủ.',
    en: 'The pledge is fulfilled already.',
  },
  'pledge/withdrawn': {
    status: 409,
    vi: 'Cam kết đã được rút lại.',
    en: 'The pledge was withdrawn already.',
  },
};
