/** A donor of the story; every one of them is made up. */
export interface StoryDonor {
  readonly name: string;
  readonly class: 'agency' | 'unit' | 'business' | 'individual';
  readonly inProvince: boolean;
  readonly address: string;
  readonly email?: string;
  readonly language: 'vi' | 'en';
}

/** One donation of money in the story; the amount is in VND. */
export interface StoryDonation {
  /** Date received, which is also the day on which it is recorded. */
  readonly on: string;
  /** Key of {@link storyDonors}, or nobody known. */
  readonly by: keyof typeof storyDonors | 'anonymous';
  readonly vnd: number;
  readonly method: 'cash' | 'bank';
}

/** Agencies, units, businesses and philanthropists inside and outside the province, all made up. */
export const storyDonors = {
  budgetOffice: agency('Văn phòng Quỹ Khuyến học Bản Mận (giả định)', 'Số 1 phố Mận, phường Mẫu'),
  nurses: unit('Công đoàn Trung tâm Y tế Suối Mơ (giả định)', 'Thôn Suối Mơ, xã Mẫu'),
  teachers: unit('Trường THCS Đồi Thông (giả định)', 'Thôn Đồi Thông, xã Mẫu'),
  youth: unit('Đoàn thanh niên Lâm trường Cẩm Sơn (giả định)', 'Xã Cẩm Sơn'),
  teaCompany: business(
    'Công ty TNHH Chè Mây Trắng (giả định)',
    true,
    'Xã Mây, tỉnh Mẫu',
    'ketoan@chemaytrang.example',
  ),
  bricks: business('Công ty CP Gạch Ngói Ba Lá (giả định)', true, 'Phường Mẫu', 'vanphong@gachbala.example'),
  starAnise: business('HTX Hồi Xứ Núi (giả định)', true, 'Xã Hồi, tỉnh Mẫu', 'htx@hoixunui.example'),
  software: business(
    'Công ty CP Phần mềm Trăng Non (giả định)',
    false,
    'Thành phố Xa',
    'csr@trangnon.example',
  ),
  overseas: {
    ...business(
      'Silver Birch Foundation (made up)',
      false,
      'Example Street 7, Farville',
      'grants@silverbirch.example',
    ),
    language: 'en' as const,
  },
  binh: person('Nguyễn Thái Bình Thí Dụ', true, 'Khối 3, phường Mẫu', 'binh.thidu@example.org'),
  uoc: person('Đặng Thị Ước Thí Dụ', true, 'Thôn Nà Mẫu, xã Mẫu', 'uoc.thidu@example.org'),
  ly: person('Hoàng Ngọc Lý Thí Dụ', false, 'Thành phố Xa', 'ly.thidu@example.org'),
  khanh: person('Vi Quốc Khánh Thí Dụ', true, 'Xã Hồi, tỉnh Mẫu'),
} as const satisfies Readonly<Record<string, StoryDonor>>;

/** 2024: 402,350,000 VND in all (the source says "more than 400 million"). */
export const donations2024: readonly StoryDonation[] = [
  { on: '2024-01-16', by: 'teaCompany', vnd: 50_000_000, method: 'bank' },
  { on: '2024-01-22', by: 'binh', vnd: 2_000_000, method: 'cash' },
  { on: '2024-01-30', by: 'nurses', vnd: 18_450_000, method: 'bank' },
  { on: '2024-02-05', by: 'anonymous', vnd: 500_000, method: 'cash' },
  { on: '2024-03-08', by: 'teachers', vnd: 12_600_000, method: 'bank' },
  { on: '2024-04-11', by: 'uoc', vnd: 1_000_000, method: 'cash' },
  { on: '2024-05-15', by: 'bricks', vnd: 60_000_000, method: 'bank' },
  { on: '2024-05-27', by: 'software', vnd: 80_000_000, method: 'bank' },
  { on: '2024-06-01', by: 'youth', vnd: 9_300_000, method: 'cash' },
  { on: '2024-06-03', by: 'starAnise', vnd: 25_000_000, method: 'bank' },
  { on: '2024-07-19', by: 'budgetOffice', vnd: 30_000_000, method: 'bank' },
  { on: '2024-08-20', by: 'ly', vnd: 15_000_000, method: 'bank' },
  { on: '2024-09-10', by: 'overseas', vnd: 72_500_000, method: 'bank' },
  { on: '2024-09-14', by: 'khanh', vnd: 3_000_000, method: 'cash' },
  { on: '2024-10-21', by: 'anonymous', vnd: 1_000_000, method: 'cash' },
  { on: '2024-12-27', by: 'uoc', vnd: 2_000_000, method: 'cash' },
  { on: '2024-12-30', by: 'teaCompany', vnd: 20_000_000, method: 'bank' },
];

/** Part of a donation of 2024 that is paid back after New Year, so that the new receipt is numbered in 2025. */
export const refund = { of: { by: 'ly', on: '2024-08-20' }, on: '2025-01-06', vnd: 5_000_000 } as const;

/** A promise to the 2025 campaign, in VND. */
export interface StoryPledge {
  readonly by: keyof typeof storyDonors;
  readonly vnd: number;
  readonly dueOn: string;
  /** What comes in under it. */
  readonly comes?: StoryDonation;
  /** Day on which the donor takes it back. */
  readonly withdrawnOn?: string;
}

/** The 2025 campaign: appeal letter in May, launch with money taken on the spot on 29 May. */
export const campaign2025 = {
  code: 'LS2025',
  name: { vi: 'Tháng hành động vì trẻ em 2025 (giả định)', en: 'Action Month for Children 2025 (made up)' },
  appeal: { number: '08/TKG-MAU', date: '2025-05-12' },
  decision: { number: '217/QD-MAU', date: '2025-05-09' },
  opensOn: '2025-05-15',
  closesOn: '2025-07-31',
  launchOn: '2025-05-29',
} as const;

/** Promised to the campaign on its first day, in order of what becomes of them. */
export const pledges2025: readonly StoryPledge[] = [
  {
    by: 'bricks',
    vnd: 40_000_000,
    dueOn: '2025-06-15',
    comes: { on: '2025-06-12', by: 'bricks', vnd: 40_000_000, method: 'bank' },
  },
  {
    by: 'software',
    vnd: 100_000_000,
    dueOn: '2025-06-30',
    comes: { on: '2025-06-27', by: 'software', vnd: 60_000_000, method: 'bank' },
  },
  { by: 'khanh', vnd: 5_000_000, dueOn: '2025-07-15', withdrawnOn: '2025-07-10' },
];

/** Taken at the launch. */
export const launchDonations: readonly StoryDonation[] = [
  { on: '2025-05-29', by: 'nurses', vnd: 21_700_000, method: 'cash' },
  { on: '2025-05-29', by: 'binh', vnd: 3_000_000, method: 'cash' },
  { on: '2025-05-29', by: 'anonymous', vnd: 750_000, method: 'cash' },
];

/** Things that one donor brings to the launch, as the API takes them; the books have no value. */
export const launchThings = {
  by: 'starAnise',
  items: [
    {
      item: 'milk',
      name: 'Sữa tươi tiệt trùng 180 ml',
      quantity: '1200',
      unit: 'hộp',
      valuation: { value: { amount: '9600000', currency: 'VND' }, basis: 'invoice' },
    },
    {
      item: 'coat',
      name: 'Áo ấm trẻ em',
      quantity: '50',
      unit: 'chiếc',
      valuation: { value: { amount: '12500000', currency: 'VND' }, basis: 'council' },
    },
    { item: 'books', name: 'Truyện tranh đã qua sử dụng', quantity: '85', unit: 'quyển' },
  ],
} as const;

/** One of the launch's donations, typed a second time the day after and then voided. */
export const typedTwice: StoryDonation = { on: '2025-05-30', by: 'binh', vnd: 3_000_000, method: 'cash' };

function agency(name: string, address: string): StoryDonor {
  return {
    name,
    class: 'agency',
    inProvince: true,
    address,
    email: 'vanthu@khuyenhocbanman.example',
    language: 'vi',
  };
}

function unit(name: string, address: string): StoryDonor {
  return { name, class: 'unit', inProvince: true, address, language: 'vi' };
}

function business(name: string, inProvince: boolean, address: string, email: string): StoryDonor {
  return { name, class: 'business', inProvince, address, email, language: 'vi' };
}

function person(name: string, inProvince: boolean, address: string, email?: string): StoryDonor {
  return {
    name,
    class: 'individual',
    inProvince,
    address,
    language: 'vi',
    ...(email === undefined ? {} : { email }),
  };
}
