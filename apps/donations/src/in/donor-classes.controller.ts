import { Controller, Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import type { Caller } from '#kernel/roles.js';
import { assertTimes } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { IdParam } from '#platform/http/fields.js';
import type { Language } from '#platform/http/language.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { AlsoAsFile, AskedIn, fileName, fileOf, isFile } from '#platform/tabular/table-files.js';
import { CLOCK } from '#platform/tokens.js';
import { DonorClassQuery } from '../read/donor-class/donor-class.query.js';
import { FundQuery } from '../read/fund/fund.query.js';
import { donationAnswers } from './donation-refusals.js';
import {
  donorClassColumns,
  DonorClassesQuery,
  donorClassView,
  type DonorClassesView,
} from './donor-classes.http.js';
import { readers } from './roles.js';

/** Who gave to a fund, as its report tells it. */
@Controller('v1/funds/:id/donations-by-class')
@Refuses(donationAnswers)
export class DonorClassesController {
  constructor(
    private readonly classes: DonorClassQuery,
    private readonly funds: FundQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Donations by class of the donor and by whether they are at home in the province, as recorded at an instant. */
  @Get()
  @Allow(...readers)
  @AlsoAsFile()
  async show(
    @IdParam('id') fundId: string,
    @Query() { format, ...period }: DonorClassesQuery,
    @AskedBy() caller: Caller,
    @AskedIn() language: Language,
  ): Promise<DonorClassesView | StreamableFile> {
    assertGranted(caller, fundId, ...readers);
    assertTimes(period, this.clock.now());
    const { position, sums } = await this.classes.sums({ fundId, ...period });
    const rows = sums.map(donorClassView);
    const { from = null, to = null, recordedAt = null } = period;
    if (!isFile(format)) return { fundId, from, to, recordedAt, position, classes: rows };
    const fund = await this.funds.find(fundId);
    const name = fileName(position, 'donations-by-class', fund?.code ?? fundId, from, to);
    return fileOf({ name, columns: donorClassColumns, rows }, format, language);
  }
}
