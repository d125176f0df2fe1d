import type { RefusalAnswers } from '#platform/http/refusals.js';
import type { FactRefusal } from './facts.js';

/** How it is told that what a command rests on does not exist. */
export const factAnswers: RefusalAnswers<FactRefusal> = {
  'donation/fund-unknown': {
    status: 404,
    vi: 'Không có quỹ này; hãy mở quỹ trước.',
    en: 'There is no such fund; open it first.',
  },
  'donation/donor-unknown': {
    status: 404,
    vi: 'Quỹ này không có nhà tài trợ đó; hãy đăng ký trước.',
    en: 'This fund has no such donor; register the donor first.',
  },
  'donation/donor-erased': {
    status: 409,
    vi: 'Dữ liệu của nhà tài trợ này đã được xoá; hãy đăng ký mới.',
    en: 'The data of this donor was erased; register the donor anew.',
  },
  'donation/campaign-unknown': {
    status: 404,
    vi: 'Quỹ này không có đợt vận động đó.',
    en: 'This fund has no such campaign.',
  },
  'donation/pledge-unknown': {
    status: 404,
    vi: 'Quỹ này không có cam kết đó.',
    en: 'This fund has no such pledge.',
  },
};
