import type { Api } from './api.js';
import type { People } from './people.js';
import { settled } from './settled.js';
import type { StoryClock } from './story-clock.js';
import { campaign2025, donations2024, storyDonors, type StoryDonation } from './story.js';

/** What the story leaves behind, to be shown and checked. */
export interface StoryEnd {
  readonly fundId: string;
  /** Donation ids by the part that they play. */
  readonly refunded: string;
  readonly voided: string;
  readonly inKind: string;
}

/** Told of each thing that happens, for whoever watches. */
export type Narrator = (on: string, what: string) => void;

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
const bank = 'bank.1900000001';
const dayMs = 30_000;

/** Opens the provincial fund of the story as of its first day. */
export async function openStoryFund(administrator: Api): Promise<string> {
  const fund = await administrator.post<{ readonly fundId: string }>('/v1/funds', {
    code: 'LS',
    level: 'province',
    name: {
      vi: 'Quỹ Bảo trợ trẻ em tỉnh Lạng Sơn (dữ liệu giả định)',
      en: 'Child Protection Fund of Lạng Sơn (made-up data)',
    },
    decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
    address: 'Số 1 phố Mẫu, phường Mẫu, tỉnh Lạng Sơn',
    openedOn: '2024-01-01',
    bankAccounts: [{ account: bank }],
    openingBalances: [
      { account: 'cash', amount: vnd(1_250_000) },
      { account: bank, amount: vnd(38_600_000) },
    ],
  });
  return fund.fundId;
}

/** Plays 2024 and 2025 through the API, day by day. */
export class StoryPlayer {
  readonly #donorIds = new Map<string, string>();
  /** Entries that the books must have before the day ends; the first is the opening balance. */
  #entries = 1;

  constructor(
    private readonly people: People,
    private readonly clock: StoryClock,
    private readonly fundId: string,
    private readonly tell: Narrator,
  ) {}

  /** From January 2024 to July 2025. */
  async play(): Promise<StoryEnd> {
    await this.#registerDonors();
    const ids = new Map<string, string>();
    for (const donation of donations2024)
      ids.set(`${donation.by} ${donation.on}`, await this.#receive(donation, { purpose: 'unrestricted' }));
    const refunded = ids.get('ly 2024-08-20') ?? '';
    await this.#refund(refunded, '2025-01-06');
    const { inKind, voided } = await this.#campaign();
    return { fundId: this.fundId, refunded, voided, inKind };
  }

  async #registerDonors(): Promise<void> {
    for (const [key, { language: _language, ...details }] of Object.entries(storyDonors)) {
      const { donorId } = await this.people.accountant.api.post<{ readonly donorId: string }>('/v1/donors', {
        fundId: this.fundId,
        ...details,
      });
      this.#donorIds.set(key, donorId);
    }
    this.tell('2024-01-02', `${String(this.#donorIds.size)} donors registered`);
  }

  async #receive({ on, by, vnd: amount, method }: StoryDonation, more: object): Promise<string> {
    await this.#dawn(on);
    const recorder = method === 'cash' ? this.people.cashier : this.people.accountant;
    const language = by === 'anonymous' ? 'vi' : storyDonors[by].language;
    const { donationId } = await recorder.api.post<{ readonly donationId: string }>('/v1/donations', {
      fundId: this.fundId,
      donor: this.#donor(by),
      method,
      amount: vnd(amount),
      account: method === 'cash' ? 'cash' : bank,
      receivedOn: on,
      language,
      ...more,
    });
    this.#entries += 1;
    this.tell(on, `${amount.toLocaleString('vi-VN')} VND, ${method}, ${by}`);
    return donationId;
  }

  #donor(by: StoryDonation['by']): object {
    return by === 'anonymous' ? { kind: 'anonymous' } : { kind: 'named', donorId: this.#donorIds.get(by) };
  }

  /** Across New Year: given in 2024, paid back in part in 2025, so the new receipt is numbered in 2025. */
  async #refund(donationId: string, on: string): Promise<void> {
    await this.#dawn(on);
    const refunds = `/v1/donations/${donationId}/refunds`;
    const { id } = await this.people.accountant.api.post<{ readonly id: string }>(refunds, {
      amount: vnd(5_000_000),
      paidFrom: bank,
      reason: 'Nhà tài trợ chuyển nhầm một phần (giả định)',
    });
    await this.people.approver.api.post(`${refunds}/${id}/approval`);
    this.#entries += 1;
    this.tell(on, '5.000.000 VND paid back to ly; the receipt is voided and reissued');
  }

  async #campaign(): Promise<{ readonly inKind: string; readonly voided: string }> {
    const { pledges, atLaunch, launchOn, appeal, decision, code, name, opensOn, closesOn } = campaign2025;
    await this.#dawn(opensOn);
    const { campaignId } = await this.people.accountant.api.post<{ readonly campaignId: string }>(
      '/v1/campaigns',
      {
        fundId: this.fundId,
        code,
        name,
        appeal,
        committeeDecision: decision,
        receivingAccount: bank,
        opensOn,
        closesOn,
        purposeStatement: {
          vi: 'Quà, học bổng cho trẻ em khó khăn',
          en: 'Presents and scholarships for children in need',
        },
      },
    );
    this.tell(opensOn, `campaign ${code} opened: appeal ${appeal.number}`);
    const pledged = new Map<string, string>();
    for (const { by, vnd: amount, dueOn } of pledges)
      pledged.set(by, await this.#pledge(campaignId, by, amount, dueOn));
    await this.#dawn(launchOn);
    for (const donation of atLaunch) await this.#receive(donation, { campaignId });
    const inKind = await this.#things(campaignId, launchOn);
    const voided = await this.#mistake(campaignId);
    await this.#receive(
      { on: '2025-06-12', by: 'bricks', vnd: 40_000_000, method: 'bank' },
      { pledgeId: pledged.get('bricks') },
    );
    await this.#receive(
      { on: '2025-06-27', by: 'software', vnd: 60_000_000, method: 'bank' },
      { pledgeId: pledged.get('software') },
    );
    await this.#withdraw(pledged.get('khanh') ?? '', '2025-07-10');
    return { inKind, voided };
  }

  async #pledge(
    campaignId: string,
    by: keyof typeof storyDonors,
    amount: number,
    dueOn: string,
  ): Promise<string> {
    const body = { campaignId, donorId: this.#donorIds.get(by), amount: vnd(amount), dueOn };
    const { pledgeId } = await this.people.accountant.api.post<{ readonly pledgeId: string }>(
      '/v1/pledges',
      body,
    );
    this.tell(campaign2025.opensOn, `${by} pledges ${amount.toLocaleString('vi-VN')} VND by ${dueOn}`);
    return pledgeId;
  }

  async #withdraw(pledgeId: string, on: string): Promise<void> {
    await this.#dawn(on);
    await this.people.accountant.api.post(`/v1/pledges/${pledgeId}/withdrawal`, {
      reason: 'Đổi kế hoạch (giả định)',
    });
    this.tell(on, 'khanh withdraws the pledge');
  }

  async #things(campaignId: string, on: string): Promise<string> {
    const { donationId } = await this.people.accountant.api.post<{ readonly donationId: string }>(
      '/v1/donations',
      {
        fundId: this.fundId,
        donor: this.#donor('starAnise'),
        method: 'in-kind',
        items: [
          {
            item: 'milk',
            name: 'Sữa tươi tiệt trùng 180 ml',
            quantity: '1200',
            unit: 'hộp',
            valuation: { value: vnd(9_600_000), basis: 'invoice' },
          },
          {
            item: 'coat',
            name: 'Áo ấm trẻ em',
            quantity: '50',
            unit: 'chiếc',
            valuation: { value: vnd(12_500_000), basis: 'council' },
          },
          { item: 'books', name: 'Truyện tranh đã qua sử dụng', quantity: '85', unit: 'quyển' },
        ],
        campaignId,
        receivedOn: on,
      },
    );
    this.#entries += 1;
    this.tell(on, 'milk, coats and books from starAnise, two of them valued');
    return donationId;
  }

  /** Typed once too often: recorded, then voided by two persons. */
  async #mistake(campaignId: string): Promise<string> {
    const voided = await this.#receive(
      { on: '2025-05-30', by: 'binh', vnd: 3_000_000, method: 'cash' },
      { campaignId },
    );
    const path = `/v1/donations/${voided}/void`;
    const { id } = await this.people.accountant.api.post<{ readonly id: string }>(path, {
      reason: 'Nhập trùng khoản ngày 29/5 (giả định)',
    });
    await this.people.approver.api.post(`${path}/${id}/approval`);
    this.#entries += 1;
    this.tell('2025-05-30', 'binh was typed twice; the second entry is voided');
    return voided;
  }

  /**
   * Work begins at nine in the morning in Việt Nam, when the books have everything of the day before: a receipt's year is
   * the one in which its entry is recorded.
   */
  async #dawn(on: string): Promise<void> {
    await settled('the entries of a day', dayMs, async () => {
      const path = `/v1/funds/${this.fundId}`;
      const { lastEntryNumber } = await this.people.accountant.api.get<{ readonly lastEntryNumber: number }>(
        path,
      );
      return lastEntryNumber >= this.#entries;
    });
    await this.clock.moveTo(`${on}T09:00:00+07:00`);
  }
}
