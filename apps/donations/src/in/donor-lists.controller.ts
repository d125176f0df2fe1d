import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import { PageQuery, type Page } from '#platform/http/paging.http.js';
import { DonorQuery, type ListedDonor } from '../read/donor/donor.query.js';
import { DonorListQuery, NameSearchBody } from './donors.http.js';
import { PersonalData } from './personal-data.js';
import { nameReaders } from './roles.js';

/** A donor in a list, with the name as the vault keeps it; null where it was erased. */
export type NamedListedDonor = Omit<ListedDonor, 'identityRecordId'> & { readonly name: string | null };

/** Most donors that a search finds; further ones need more words. */
const foundMax = 50;

/** Lists of donors by name; every name shown is logged as a read. */
@Controller('v1/donors')
export class DonorListsController {
  constructor(
    private readonly donors: DonorQuery,
    private readonly personal: PersonalData,
  ) {}

  /** Lists donors, who was registered last first. */
  @Get()
  @Allow(...nameReaders)
  async list(@Query() query: DonorListQuery, @AskedBy() caller: Caller): Promise<Page<NamedListedDonor>> {
    const { fundId, ...wanted } = query;
    const funds = fundsAsked(caller, fundId, nameReaders);
    return this.#named(await this.donors.list(funds, wanted, query), caller, 'donors listed');
  }

  /** Finds donors of a fund by words of their names, with or without accents. */
  @Post('search')
  @HttpCode(200)
  @Allow(...nameReaders)
  async search(
    @Body() { fundId, words }: NameSearchBody,
    @AskedBy() caller: Caller,
  ): Promise<Page<NamedListedDonor>> {
    assertGranted(caller, fundId, ...nameReaders);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'donors searched' } as const;
    const identityRecordIds = await this.personal.search(fundId, words, foundMax, reading);
    const found = await this.donors.list([fundId], { identityRecordIds }, firstPage(foundMax));
    return this.#named(found, caller, 'donors searched');
  }

  async #named(page: Page<ListedDonor>, caller: Caller, purpose: string): Promise<Page<NamedListedDonor>> {
    const ids = page.items.flatMap(({ identityRecordId }) => identityRecordId ?? []);
    const names = await this.personal.names(ids, { actor: `staff:${caller.staffId}`, purpose });
    const items = page.items.map(({ identityRecordId, ...donor }) => ({
      ...donor,
      name: names.get(identityRecordId ?? '') ?? null,
    }));
    return { ...page, items };
  }
}

/** A page that begins at the beginning. */
export function firstPage(limit: number): PageQuery {
  return Object.assign(new PageQuery(), { limit });
}
