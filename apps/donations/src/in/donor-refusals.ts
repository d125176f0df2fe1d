import type { DonorRefusal } from '#domain/donor/donor.decide.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import { factAnswers } from './fact-refusals.js';
import type { FactRefusal } from './facts.js';

/** How refusals of a donor are told. */
export const donorAnswers: RefusalAnswers<DonorRefusal | FactRefusal> = {
  ...factAnswers,
  'donor/unknown': {
    status: 404,
    vi: 'Không có nhà tài trợ này.',
    en: 'There is no such donor.',
  },
  'donor/erased': {
    status: 409,
    vi: 'Dữ liệu của nhà tài trợ này đã được xoá; không sửa và không ghi thêm khoản nào được nữa.',
    en: 'The data of this donor was erased; nothing can be corrected or recorded for the donor any more.',
  },
  'donor/organisation-missing': {
    status: 422,
    vi: 'Cơ quan hoặc đơn vị phải có tên công khai.',
    en: 'An agency or unit has a public name.',
  },
};
