import { bank, vnd } from './fund-at-work.js';

/** A campaign of May and June 2025 as `POST /v1/campaigns` takes it, the fund apart. */
export const appeal = {
  ...{ code: 'THD2025', receivingAccount: bank, opensOn: '2025-05-29', closesOn: '2025-06-30' },
  name: { vi: 'Tháng hành động vì trẻ em 2025 (giả định)', en: 'Action month for children 2025 (made up)' },
  appeal: { number: '08/TKG-MAU', date: '2025-05-12' },
  committeeDecision: { number: '21/QĐ-MAU', date: '2025-05-09' },
  purposeStatement: { vi: 'Quà và học bổng', en: 'Presents and scholarships' },
  target: vnd(100_000_000),
};
