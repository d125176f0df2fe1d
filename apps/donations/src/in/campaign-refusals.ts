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
  'campaign/code-taken': {
    status: 409,
    vi: 'Quỹ này đã có đợt vận động hoặc mục đích mang mã đó; hãy chọn mã khác.',
    en: 'The fund has a campaign or a purpose of that code; choose another.',
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
  'campaign/decision-in-future': {
    status: 422,
    vi: 'Ngày của quyết định không được sau hôm nay.',
    en: 'The decision cannot be dated after today.',
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
  'campaign/window-before-appeal': {
    status: 422,
    vi: 'Thời hạn tiếp nhận không được kết thúc trước ngày của thư kêu gọi; xem "appealDate".',
    en: 'The window cannot be over before the date of the appeal letter; see "appealDate".',
  },
  'campaign/purpose-missing': {
    status: 422,
    vi: 'Thiếu mục đích sử dụng bằng tiếng Việt và tiếng Anh.',
    en: 'Say in Vietnamese and English what the money is for.',
  },
  'campaign/purpose-unknown': {
    status: 404,
    vi: 'Quỹ này không có mục đích đó; hãy mở mục đích trước hoặc bỏ trống để đợt vận động có mục đích riêng.',
    en: 'This fund has no such purpose; open it first, or leave it out for one of the campaign’s own.',
  },
  'campaign/purpose-closed': {
    status: 409,
    vi: 'Mục đích này không còn nhận ủng hộ; hãy chọn mục đích khác.',
    en: 'That purpose takes no more donations; choose another.',
  },
  'campaign/target-not-positive': {
    status: 422,
    vi: 'Mục tiêu vận động phải lớn hơn 0; nếu không đặt mục tiêu thì bỏ trống.',
    en: 'A target must be more than nothing; leave it out where there is none.',
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
