import type { MoneyJson } from '#kernel/money.js';
import { IsDay, IsInstant } from '#platform/http/fields.js';
import { IsFormat, type Format } from '#platform/tabular/table-files.js';
import { number, plainAmount, text, type Column } from '#platform/tabular/table.js';
import type { ClassSums } from '../read/donor-class/donor-class.query.js';

/** Which donations are counted. */
export class DonorClassesQuery {
  @IsDay({ optional: true, description: 'received on or after this date' })
  readonly from?: string;

  @IsDay({ optional: true, description: 'received on or before this date' })
  readonly to?: string;

  @IsInstant({ optional: true, description: 'as recorded up to this instant; now when absent' })
  readonly recordedAt?: string;

  @IsFormat()
  readonly format?: Format;
}

/** Donations of one class and place; received = refunded + voided + left. The sums are null in kind. */
export interface DonorClassView {
  /** Of a named donor the class, else `anonymous` or `unidentified`. */
  readonly donorClass: string;
  /** `inside` or `outside` the province, or `unknown` where nobody is named. */
  readonly place: string;
  readonly donations: number;
  readonly refunds: number;
  readonly voids: number;
  readonly received: MoneyJson | null;
  readonly refunded: MoneyJson | null;
  readonly voided: MoneyJson | null;
  readonly left: MoneyJson | null;
}

/** Who gave, by class and place. */
export interface DonorClassesView {
  readonly fundId: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly recordedAt: string | null;
  readonly position: string | null;
  readonly classes: readonly DonorClassView[];
}

/** A line as it is told. */
export function donorClassView(sums: ClassSums): DonorClassView {
  const { donorClass, place, donations, refunds, voids, currency } = sums;
  const money = (minor: bigint): MoneyJson | null =>
    currency === null ? null : { amount: minor.toString(), currency: currency as MoneyJson['currency'] };
  return {
    ...{ donorClass, place, donations, refunds, voids, received: money(sums.received) },
    refunded: money(sums.refunded),
    voided: money(sums.voided),
    left: money(sums.left),
  };
}

type Names = Readonly<Record<string, { readonly vi: string; readonly en: string }>>;

const classes: Names = {
  agency: { vi: 'Cơ quan nhà nước', en: 'Agency' },
  unit: { vi: 'Đơn vị, tổ chức', en: 'Organisation' },
  business: { vi: 'Doanh nghiệp', en: 'Business' },
  individual: { vi: 'Cá nhân', en: 'Individual' },
  anonymous: { vi: 'Ẩn danh', en: 'Anonymous' },
  unidentified: { vi: 'Chưa rõ người ủng hộ', en: 'Unidentified' },
};
const places: Names = {
  inside: { vi: 'Trong tỉnh', en: 'Inside the province' },
  outside: { vi: 'Ngoài tỉnh', en: 'Outside the province' },
  unknown: { vi: 'Không rõ', en: 'Unknown' },
};
const inKind = { vi: 'Hiện vật', en: 'In kind' };
const plain = (sum: MoneyJson | null): string | null => sum && plainAmount(sum.amount, sum.currency);

/** The columns of the file. */
export const donorClassColumns: readonly Column<DonorClassView>[] = [
  text('Đối tượng', 'Donor class', ({ donorClass }, to) => classes[donorClass]?.[to] ?? donorClass),
  text('Trong/ngoài tỉnh', 'Inside/outside the province', ({ place }, to) => places[place]?.[to] ?? place),
  text('Loại tiền', 'Currency', ({ received }, to) => received?.currency ?? inKind[to]),
  number('Số khoản', 'Donations', ({ donations }) => String(donations)),
  number('Đã nhận', 'Received', ({ received }) => plain(received)),
  number('Số lần hoàn trả', 'Refunds', ({ refunds }) => String(refunds)),
  number('Đã hoàn trả', 'Refunded', ({ refunded }) => plain(refunded)),
  number('Số khoản huỷ', 'Voids', ({ voids }) => String(voids)),
  number('Đã huỷ', 'Voided', ({ voided }) => plain(voided)),
  number('Còn lại', 'Left', ({ left }) => plain(left)),
];
