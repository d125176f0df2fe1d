import { localDate } from '#kernel/dates.js';
import type { ReceiptFund, ReceiptedItem } from '#domain/receipt-book/receipt-book.events.js';
import { builtInTemplate } from '#domain/receipt-book/receipt-template.policy.js';
import type { ReceiptPage } from './receipt-page.js';

const fund: ReceiptFund = {
  fundId: '6f1c9c9e-1f1b-4c7a-9d52-0f5a3b6c7d80',
  code: 'LS',
  name: { vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn', en: 'Lạng Sơn Province Child Protection Fund' },
  decision: { number: '12/QĐ-UBND', date: localDate('2008-01-15'), issuer: 'UBND tỉnh Lạng Sơn' },
  address: 'Số 1 đường Hùng Vương, phường Lương Văn Tri, tỉnh Lạng Sơn',
  zone: 'Asia/Ho_Chi_Minh',
};

/** A receipt of money with made-up people: what a preview shows. */
export const moneyPage: ReceiptPage = {
  fund,
  template: builtInTemplate,
  number: 'LS-2025-000123',
  book: '2025',
  issuedOn: localDate('2025-03-01'),
  issuedAt: '2025-03-01T02:00:00Z',
  payer: { kind: 'named', name: 'Nguyễn Thị Thử Nghiệm', address: 'Thôn Bản Mẫu, xã Thử, tỉnh Lạng Sơn' },
  method: 'bank',
  amount: { amount: '1234567', currency: 'VND' },
  items: [],
  purpose: { vi: 'Tháng hành động vì trẻ em 2025', en: 'Action Month for Children 2025' },
  receivedOn: localDate('2025-02-28'),
  language: 'vi',
};

const coat: ReceiptedItem = {
  name: 'Áo ấm trẻ em mùa đông cỡ lớn, màu xanh, dành cho học sinh tiểu học vùng cao',
  quantity: '40',
  unit: 'chiếc',
  valuation: { value: { amount: '12500000', currency: 'VND' }, basis: 'council' },
};
const milk: ReceiptedItem = { name: 'Sữa hộp loại 380 gam', quantity: '1250.5', unit: 'thùng' };

const { amount: _amount, ...withoutMoney } = moneyPage;

/** A receipt of things, one of them valued. */
export const inKindPage: ReceiptPage = { ...withoutMoney, method: 'in-kind', items: [coat, milk] };

const long = 'Ủng hộ trẻ em có hoàn cảnh đặc biệt khó khăn vùng biên giới '.repeat(8);

/** About as much as one receipt is ever asked to hold. */
export const crowdedPage: ReceiptPage = {
  ...inKindPage,
  items: Array.from({ length: 10 }, () => [coat, milk]).flat(),
  purpose: { vi: long, en: long },
  payer: {
    kind: 'named',
    name: `${'Công ty Trách nhiệm hữu hạn Một thành viên Thương mại Dịch vụ '.repeat(3)}${'X'.repeat(120)}`,
    address: 'ẠẮẰẲẴẶẤẦẨẪẬĐẸẾỀỂỄỆỊỌỐỒỔỖỘỚỜỞỠỢỤỨỪỬỮỰỲỴỶỸ₫ ạắằẳẵặấầẩẫậđẹếềểễệịọốồổỗộớờởỡợụứừửữựỳỵỷỹ',
  },
  replaces: 'LS-2024-000007',
};
