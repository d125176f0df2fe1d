import type { CampaignRefusal } from '#domain/campaign/campaign.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import { factAnswers } from './fact-refusals.js';
import type { FactRefusal } from './facts.js';

/** How refusals of a campaign are told. */
export const campaignAnswers: RefusalAnswers<CampaignRefusal | FactRefusal> = {
  ...factAnswers,
  'campaign/unknown': {
    status: 404,
    vi: 'Không có đợt vận động này.',
    en: 'There is no such campaign.',
  },
  'campaign/appeal-missing': {
    status: 422,
    vi: 'Thiếu số và ngày của thư kêu gọi.',
    en: 'Give the number and date of the appeal letter.',
  },
  'campaign/appeal-in-future': {
    status: 422,
    vi: 'Ngày của thư kêu gọi không được sau hôm nay.',
    en: 'The appeal letter cannot be dated after today.',
  },
  'campaign/committee-decision-missing': {
    status: 422,
    vi: 'Thiếu số và ngày của quyết định thành lập ban tiếp nhận.',
    en: 'Give the number and date of the reception committee’s decision.',
  },
  'campaign/receiving-account-missing': {
    status: 422,
    vi: 'Thiếu tài khoản tiếp nhận.',
    en: 'Name the account that receives.',
  },
  'campaign/window-missing': {
    status: 422,
    vi: 'Thiếu ngày bắt đầu hoặc ngày kết thúc tiếp nhận.',
    en: 'Give the first and the last day on which it receives.',
  },
  'campaign/window-reversed': {
    status: 422,
    vi: 'Ngày kết thúc không được trước ngày bắt đầu.',
    en: 'The last day cannot be before the first.',
  },
  'campaign/purpose-missing': {
    status: 422,
    vi: 'Thiếu mục đích sử dụng bằng tiếng Việt và tiếng Anh.',
    en: 'Say in Vietnamese and English what the money is for.',
  },
  'campaign/closed': {
    status: 409,
    vi: 'Đợt vận động đã kết thúc.',
    en: 'The campaign is closed.',
  },
  'campaign/not-later': {
    status: 422,
    vi: 'Ngày kết thúc mới phải sau ngày kết thúc hiện tại.',
    en: 'The new last day must be after the present one.',
  },
};
