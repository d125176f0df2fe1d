import { IsText } from '../http/fields.js';
import type { RefusalAnswers } from '../http/refusals.js';

/** Answers for what operators may get wrong. */
export const operationsAnswers = {
  'operations/stream-unknown': {
    status: 404,
    vi: 'Không có dịch vụ nào ghi vào luồng này.',
    en: 'No service here writes that stream.',
  },
  'operations/group-unknown': {
    status: 404,
    vi: 'Không có dịch vụ nào mang tên này.',
    en: 'There is no service of that name here.',
  },
  'operations/stream-unusable': {
    status: 409,
    vi: 'Luồng của khoá này vẫn chưa dùng được; các thông điệp còn lại vẫn được giữ, không mất gì. Hãy cài bản phát hành đã sửa lỗi rồi thử lại.',
    en: 'The stream of this key still cannot be used; the messages left stay held and nothing is lost. Install a release that mends it, then try again.',
  },
  'operations/message-failing': {
    status: 409,
    vi: 'Thông điệp đang giữ đầu tiên vẫn chưa xử lý được; nó và các thông điệp sau vẫn được giữ, không mất gì. Hãy cài bản phát hành đã sửa lỗi rồi thử lại.',
    en: 'The first held message still cannot be handled; it and those behind it stay held and nothing is lost. Install a release that mends it, then try again.',
  },
  'operations/projection-unknown': {
    status: 404,
    vi: 'Không có phép chiếu nào mang tên này.',
    en: 'There is no projection of that name.',
  },
  'operations/rebuild-under-way': {
    status: 409,
    vi: 'Phép chiếu này đang được dựng lại.',
    en: 'That projection is being rebuilt already.',
  },
} as const satisfies RefusalAnswers<string>;

/** Which parked messages to take up again. */
export class ReplayParkedBody {
  @IsText({ max: 200, description: 'the stream that they are parked in' })
  readonly stream!: string;

  @IsText({ optional: true, max: 200, description: 'only this subject' })
  readonly subject?: string;
}

/** Which held key to let go. */
export class ReleaseHeldBody {
  @IsText({ max: 40, description: 'the service that holds it' })
  readonly group!: string;

  @IsText({ max: 200 })
  readonly key!: string;
}
