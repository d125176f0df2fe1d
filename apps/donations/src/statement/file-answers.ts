import type { ChainRefusal } from '#domain/statement/control-totals.policy.js';
import type { RefusalAnswers } from '#platform/http/refusals.js';
import type { FileFault } from './file-faults.js';

/** How the faults of a file are told; `line` and `column` of the answer say where. */
export const fileAnswers: RefusalAnswers<FileFault | ChainRefusal> = {
  'statement/file-empty': {
    status: 422,
    vi: 'Tệp không có nội dung.',
    en: 'There is nothing in the file.',
  },
  'statement/file-too-large': {
    status: 413,
    vi: 'Tệp quá lớn; hãy nén bằng gzip hoặc chia sao kê thành nhiều tệp.',
    en: 'The file is too large; gzip it, or send the statement in parts.',
  },
  'statement/unpacked-too-large': {
    status: 422,
    vi: 'Tệp giải nén ra quá lớn; hãy chia sao kê thành nhiều tệp.',
    en: 'The file unpacks to too much; send the statement in parts.',
  },
  'statement/format-unknown': {
    status: 415,
    vi: 'Hãy gửi tệp CSV (UTF-8), CSV nén gzip hoặc XLSX không đặt mật khẩu.',
    en: 'Send CSV in UTF-8, that gzipped, or an XLSX workbook without a password.',
  },
  'statement/gzip-cut': {
    status: 422,
    vi: 'Tệp gzip bị thiếu phần cuối; hãy tải lại từ ngân hàng.',
    en: 'The end of the gzip file is missing; download it again.',
  },
  'statement/gzip-damaged': {
    status: 422,
    vi: 'Tệp gzip bị hỏng; hãy tải lại từ ngân hàng.',
    en: 'The gzip file is damaged; download it again.',
  },
  'statement/workbook-damaged': {
    status: 422,
    vi: 'Không đọc được tệp XLSX; hãy mở bằng phần mềm bảng tính, bỏ mật khẩu và lưu lại, hoặc xuất ra CSV.',
    en: 'The XLSX workbook cannot be read; open it, save it again without a password, or export it as CSV.',
  },
  'statement/several-sheets': {
    status: 422,
    vi: 'Tệp có nhiều trang tính; chỉ để hiện trang có sao kê.',
    en: 'The workbook has several sheets; leave only the one with the statement visible.',
  },
  'statement/not-utf8': {
    status: 422,
    vi: 'Tệp không theo bảng mã UTF-8; hãy xuất lại dưới dạng CSV UTF-8.',
    en: 'The file is not in UTF-8; export it again as CSV UTF-8.',
  },
  'statement/nul-character': {
    status: 422,
    vi: 'Tệp có ký tự NUL; hãy xuất lại dưới dạng CSV UTF-8.',
    en: 'The file has a NUL character; export it again as CSV UTF-8.',
  },
  'statement/csv-malformed': {
    status: 422,
    vi: 'Dấu ngoặc kép ở dòng này không khép lại đúng chỗ.',
    en: 'A quote that opens on this line does not close where its cell ends.',
  },
  'statement/line-too-long': {
    status: 422,
    vi: 'Dòng này dài bất thường; tệp không phải là sao kê.',
    en: 'The line is too long for a statement.',
  },
  'statement/too-many-columns': {
    status: 422,
    vi: 'Dòng này có quá nhiều cột.',
    en: 'The line has too many columns.',
  },
  'statement/too-many-rows': {
    status: 422,
    vi: 'Sao kê có quá nhiều dòng; hãy chia thành nhiều tệp.',
    en: 'The statement has too many rows; send it in parts.',
  },
  'statement/cell-too-long': {
    status: 422,
    vi: 'Một ô ở dòng này quá dài.',
    en: 'A cell on this line is too long.',
  },
  'statement/header-not-found': {
    status: 422,
    vi: 'Không tìm thấy dòng tiêu đề có đủ các cột; hãy chọn hoặc gửi kèm mẫu cột của ngân hàng.',
    en: 'No header with all the columns was found; send the profile of your bank with the file.',
  },
  'statement/column-twice': {
    status: 422,
    vi: 'Cột này xuất hiện hai lần trong dòng tiêu đề.',
    en: 'The header has this column twice.',
  },
  'statement/no-rows': {
    status: 422,
    vi: 'Sao kê không có dòng nào.',
    en: 'The statement has no rows.',
  },
  'statement/more-cells-than-columns': {
    status: 422,
    vi: 'Dòng này có nhiều ô hơn số cột; nội dung có dấu phân cách phải đặt trong ngoặc kép.',
    en: 'The line has more cells than there are columns; text with a delimiter in it must be quoted.',
  },
  'statement/rows-after-footer': {
    status: 422,
    vi: 'Sau dòng tổng cộng còn có dòng giao dịch; hãy gửi từng sao kê một tệp.',
    en: 'There are rows below the sums; send each statement as a file of its own.',
  },
  'statement/date-unreadable': {
    status: 422,
    vi: 'Ngày ở dòng này không đúng mẫu hoặc không có trong lịch.',
    en: 'The date on this line is not written as the profile says, or there is no such day.',
  },
  'statement/reference-rounded': {
    status: 422,
    vi: 'Số tham chiếu ở dòng này có từ 15 chữ số và được lưu dạng số nên có thể đã bị làm tròn; hãy xuất lại tệp với cột này dạng văn bản, hoặc dùng CSV.',
    en: 'The reference on this line is kept as a number of 15 digits or more and may have been rounded; export the file with that column as text, or as CSV.',
  },
  'statement/amount-unreadable': {
    status: 422,
    vi: 'Số tiền ở dòng này không đúng cách viết của mẫu cột.',
    en: 'The sum on this line is not written as the profile says.',
  },
  'statement/amount-negative': {
    status: 422,
    vi: 'Cột ghi nợ và ghi có không được có số âm.',
    en: 'Debit and credit are never below zero.',
  },
  'statement/amount-not-whole': {
    status: 422,
    vi: 'Số tiền nhỏ hơn đơn vị nhỏ nhất của loại tiền.',
    en: 'The sum has a part smaller than the currency’s smallest unit.',
  },
  'statement/balance-missing': {
    status: 422,
    vi: 'Dòng này thiếu số dư.',
    en: 'The line has no balance.',
  },
  'statement/debit-and-credit': {
    status: 422,
    vi: 'Dòng này vừa ghi nợ vừa ghi có.',
    en: 'The line has both a debit and a credit.',
  },
  'statement/currency-differs': {
    status: 422,
    vi: 'Dòng này ghi loại tiền khác với tài khoản; xem "currency".',
    en: 'The line is in another currency than the account; see "currency".',
  },
  'statement/profile-unreadable': {
    status: 422,
    vi: 'Mẫu cột không hợp lệ; xem "member".',
    en: 'The profile is not valid; see "member".',
  },
  'statement/other-order': {
    status: 422,
    vi: 'Số dư nối tiếp nhau theo thứ tự ngược lại, đầu tiên ở "line"; hãy gửi kèm mẫu cột có "order" đúng với tệp.',
    en: 'Balances follow from each other the other way round, the first at "line"; send a profile with the "order" of the file.',
  },
  'statement/too-many-breaks': {
    status: 422,
    vi: 'Số dư không nối tiếp nhau ở quá nhiều dòng, đầu tiên ở "line"; có thể dòng mới nhất đứng trước hoặc chọn nhầm cột.',
    en: 'Balances do not follow from each other on too many lines, the first at "line"; the newest row may stand first, or a column may be another.',
  },
};
