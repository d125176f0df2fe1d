/** What each kind of entry is called in registers. */
export const entryKindNames: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  opening: { vi: 'Số dư ban đầu', en: 'Opening entry' },
  donation: { vi: 'Khoản ủng hộ', en: 'Donation' },
  refund: { vi: 'Hoàn trả', en: 'Refund' },
  void: { vi: 'Huỷ khoản ghi sai', en: 'Void' },
  'bank-item': { vi: 'Phát sinh trên sao kê', en: 'Bank item' },
  classification: { vi: 'Phân loại sao kê', en: 'Classification' },
  reassignment: { vi: 'Chuyển mục đích', en: 'Reassignment' },
  journal: { vi: 'Chứng từ ghi sổ', en: 'Journal' },
};
