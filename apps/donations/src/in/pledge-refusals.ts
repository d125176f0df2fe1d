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
