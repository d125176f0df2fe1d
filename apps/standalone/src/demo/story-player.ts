import type { Api } from './api.js';
import { everyItem, isDelivered, type ListedReceipt } from './figures.js';
import type { People } from './people.js';
import { settled } from './settled.js';
import type { StoryClock } from './story-clock.js';
import {
  campaign2025,
  donations2024,
  launchDonations,
  launchThings,
  pledges2025,
  refund,
  storyDonors,
  typedTwice,
  type StoryDonation,
  type StoryPledge,
} from './story.js';

/** What the story leaves behind: donation ids by the part that they play. */
export interface StoryEnd {
  readonly fundId: string;
  readonly refunded: string;
  readonly voided: string;
  readonly inKind: string;
}

/** Told of each thing that happens, for whoever watches. */
export type Narrator = (on: string, what: string) => void;

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
const bank = 'bank.1900000001';
const dayWithinMs = 60_000;

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
  /** Receipt numbers given by then. */
  #numbers = 0;

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
    const refunded = ids.get(`${refund.of.by} ${refund.of.on}`) ?? '';
    await this.#refund(refunded);
    const campaignId = await this.#openCampaign();
    const pledgeIds = new Map<StoryPledge, string>();
    for (const pledge of pledges2025) pledgeIds.set(pledge, await this.#pledge(campaignId, pledge));
    const inKind = await this.#launch(campaignId);
    const voided = await this.#mistake(campaignId);
    for (const [pledge, pledgeId] of pledgeIds) await this.#seeThrough(pledge, pledgeId);
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
    this.#given();
    this.tell(on, `${amount.toLocaleString('vi-VN')} VND, ${method}, ${by}`);
    return donationId;
  }

  /** A donation comes to an entry and a receipt. */
  #given(): void {
    this.#entries += 1;
    this.#numbers += 1;
  }

  #donor(by: StoryDonation['by']): object {
    return by === 'anonymous' ? { kind: 'anonymous' } : { kind: 'named', donorId: this.#donorIds.get(by) };
  }

  async #refund(donationId: string): Promise<void> {
    await this.#dawn(refund.on);
    await this.#undo(donationId, 'refunds', {
      amount: vnd(refund.vnd),
      paidFrom: bank,
      reason: 'Nhà tài trợ chuyển nhầm một phần (giả định)',
    });
    this.#numbers += 1;
    const paidBack = `${refund.vnd.toLocaleString('vi-VN')} VND paid back to ${refund.of.by}`;
    this.tell(refund.on, `${paidBack}; the receipt is voided and reissued`);
  }

  /** One person asks, another agrees. */
  async #undo(donationId: string, what: 'refunds' | 'void', terms: object): Promise<void> {
    const path = `/v1/donations/${donationId}/${what}`;
    const { id } = await this.people.accountant.api.post<{ readonly id: string }>(path, terms);
    await this.people.approver.api.post(`${path}/${id}/approval`);
    this.#entries += 1;
  }

  async #openCampaign(): Promise<string> {
    const { launchOn: _launchOn, decision, ...campaign } = campaign2025;
    await this.#dawn(campaign.opensOn);
    const { api } = this.people.accountant;
    const { campaignId } = await api.post<{ readonly campaignId: string }>('/v1/campaigns', {
      fundId: this.fundId,
      ...campaign,
      committeeDecision: decision,
      receivingAccount: bank,
      purposeStatement: {
        vi: 'Quà, học bổng cho trẻ em khó khăn',
        en: 'Presents and scholarships for children in need',
      },
    });
    this.tell(campaign.opensOn, `campaign ${campaign.code} opened: appeal ${campaign.appeal.number}`);
    return campaignId;
  }

  async #pledge(campaignId: string, { by, vnd: amount, dueOn }: StoryPledge): Promise<string> {
    const body = { campaignId, donorId: this.#donorIds.get(by), amount: vnd(amount), dueOn };
    const { api } = this.people.accountant;
    const { pledgeId } = await api.post<{ readonly pledgeId: string }>('/v1/pledges', body);
    this.tell(campaign2025.opensOn, `${by} pledges ${amount.toLocaleString('vi-VN')} VND by ${dueOn}`);
    return pledgeId;
  }

  /** Money and things taken on the spot; returns the donation of things. */
  async #launch(campaignId: string): Promise<string> {
    const { launchOn, code } = campaign2025;
    await this.#dawn(launchOn);
    this.tell(launchOn, `launch of the appeal ${code}`);
    for (const donation of launchDonations) await this.#receive(donation, { campaignId });
    const { by, items } = launchThings;
    const { donationId } = await this.people.accountant.api.post<{ readonly donationId: string }>(
      '/v1/donations',
      {
        fundId: this.fundId,
        donor: this.#donor(by),
        method: 'in-kind',
        items,
        campaignId,
        receivedOn: launchOn,
      },
    );
    this.#given();
    this.tell(launchOn, `milk, coats and books from ${by}, two of them valued`);
    return donationId;
  }

  async #mistake(campaignId: string): Promise<string> {
    const voided = await this.#receive(typedTwice, { campaignId });
    await this.#evening();
    await this.#undo(voided, 'void', { reason: 'Nhập trùng khoản ngày 29/5 (giả định)' });
    this.tell(typedTwice.on, `${typedTwice.by} was typed twice; the second entry is voided`);
    return voided;
  }

  async #seeThrough({ by, comes, withdrawnOn }: StoryPledge, pledgeId: string): Promise<void> {
    if (comes) await this.#receive(comes, { pledgeId });
    if (withdrawnOn === undefined) return;
    await this.#dawn(withdrawnOn);
    const body = { reason: 'Đổi kế hoạch (giả định)' };
    await this.people.accountant.api.post(`/v1/pledges/${pledgeId}/withdrawal`, body);
    this.tell(withdrawnOn, `${by} withdraws the pledge`);
  }

  /** Work begins at nine in the morning in Việt Nam, after an evening at which nothing was left to do. */
  async #dawn(on: string): Promise<void> {
    await this.#evening();
    await this.clock.moveTo(`${on}T09:00:00+07:00`);
  }

  /**
   * Waits until the books have everything of the day and every receipt of it is mailed: a receipt's year is the one in
   * which its entry is recorded, and nobody gets a mail of January in May.
   */
  async #evening(): Promise<void> {
    const { api } = this.people.accountant;
    await settled('the entries, receipts and mails of a day', dayWithinMs, async () => {
      const { lastEntryNumber } = await api.get<{ readonly lastEntryNumber: number }>(
        `/v1/funds/${this.fundId}`,
      );
      if (lastEntryNumber < this.#entries) return false;
      const receipts = await everyItem<ListedReceipt>(api, `/v1/receipts?fund=${this.fundId}`);
      return receipts.length >= this.#numbers && receipts.every(isDelivered);
    });
  }
}
