import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted, grantedOn } from '#platform/http/caller.js';
import { IdParam } from '#platform/http/fields.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { DonationQuery, type ListedDonation } from '../read/donation/donation.query.js';
import { HistoryQuery } from '../read/history/history.query.js';
import { donationAnswers } from './donation-refusals.js';
import { readDonation } from './donation-view.js';
import { DonationListQuery } from './donations.http.js';
import { firstPage } from './donor-lists.controller.js';
import { NameSearchBody } from './donors.http.js';
import { historyOf, reasonRecordsOf, type HistoryView } from './history-view.js';
import { PersonalData } from './personal-data.js';
import { nameReaders, readers } from './roles.js';

/** Most names that a search of donations looks for, and most donations that it finds. */
const foundMax = 200;

/** Lists of donations, and the history of one. */
@Controller('v1/donations')
@Refuses(donationAnswers)
export class DonationListsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly donations: DonationQuery,
    private readonly histories: HistoryQuery,
    private readonly personal: PersonalData,
  ) {}

  /** Lists donations, what was recorded last first. */
  @Get()
  @Allow(...readers)
  async list(@Query() query: DonationListQuery, @AskedBy() caller: Caller): Promise<Page<ListedDonation>> {
    const { fundId, ...wanted } = query;
    const funds = fundsAsked(caller, fundId, readers);
    return this.donations.list(funds, wanted, query);
  }

  /** Finds donations of a fund by words of their donors' names, with or without accents. */
  @Post('search')
  @HttpCode(200)
  @Allow(...nameReaders)
  async search(
    @Body() { fundId, words }: NameSearchBody,
    @AskedBy() caller: Caller,
  ): Promise<Page<ListedDonation>> {
    assertGranted(caller, fundId, ...nameReaders);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'donations searched' } as const;
    const identityRecordIds = await this.personal.search(fundId, words, foundMax, reading);
    return this.donations.list([fundId], { identityRecordIds }, firstPage(foundMax));
  }

  /** Every event of a donation across the services, in order; reasons only for who may see names. */
  @Get(':id/history')
  @Allow(...readers)
  async history(@IdParam('id') donationId: string, @AskedBy() caller: Caller): Promise<HistoryView> {
    const { state, events } = await readDonation(this.store, donationId);
    assertGranted(caller, state.fundId, ...readers);
    const opens = grantedOn(caller, state.fundId, ...nameReaders);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'history of a donation shown' } as const;
    const others = await this.histories.of(donationId);
    const texts = opens
      ? await this.personal.texts(reasonRecordsOf(events, others), reading)
      : new Map<string, string>();
    return historyOf(donationId, events, others, { asked: opens, texts });
  }
}
