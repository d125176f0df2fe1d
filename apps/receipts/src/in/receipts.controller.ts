import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { formatPosition } from '#kernel/position.js';
import { roles, type Caller, type Role } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import { decodeCursor, pageOf, PageQuery, type Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { IssuedReceipts } from '../issued-receipts.js';
import { PersonalData } from '../personal-data.js';
import { receiptOf } from './receipt-of.js';
import { RegisterQuery, type ReceiptFilter, type RegisterPlace } from '../read/register/register.query.js';
import { receiptAnswers } from './receipt-refusals.js';
import { ReceiptSearchBody, receiptView, ReceiptsQuery, type ReceiptView } from './receipts.http.js';

/** Who may see names. */
const nameReaders = ['accountant', 'cashier', 'approver', 'auditor'] as const satisfies readonly Role[];
/** Most names that a search looks for, and most receipts that it finds. */
const foundMax = 200;

/** The register of receipts, as it stands in the read models. */
@Controller('v1/receipts')
@Refuses(receiptAnswers)
export class ReceiptsController {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly register: RegisterQuery,
    private readonly issuedReceipts: IssuedReceipts,
    private readonly personalData: PersonalData,
  ) {}

  /** Receipts of the funds that the caller has a role on, newest first. */
  @Get()
  @Allow(...roles)
  async list(@Query() query: ReceiptsQuery, @AskedBy() caller: Caller): Promise<Page<ReceiptView>> {
    const { cursor, limit = PageQuery.defaultLimit, fund, q, ...filters } = query;
    const filter = { funds: fundsAsked(caller, fund, roles), words: q, ...filters };
    return this.#page(filter, placeIn(cursor), limit);
  }

  /** Finds receipts of a fund by words of their payers' names, with or without accents; the newest of them. */
  @Post('search')
  @HttpCode(200)
  @Allow(...nameReaders)
  async search(
    @Body() { fundId, words }: ReceiptSearchBody,
    @AskedBy() caller: Caller,
  ): Promise<Page<ReceiptView>> {
    assertGranted(caller, fundId, ...nameReaders);
    const actor = `staff:${caller.staffId}` as const;
    const payerRecordIds = await this.personalData.search(fundId, words, foundMax, actor);
    return this.#page({ funds: [fundId], payerRecordIds }, undefined, foundMax);
  }

  /** One receipt, in force or void. */
  @Get(':number')
  @Allow(...roles)
  async show(@Param('number') number: string, @AskedBy() caller: Caller): Promise<ReceiptView> {
    const receipt = await receiptOf(this.issuedReceipts, number, caller, roles);
    return receiptView(receipt.registered);
  }

  async #page(
    filter: ReceiptFilter,
    after: RegisterPlace | undefined,
    limit: number,
  ): Promise<Page<ReceiptView>> {
    const found = await this.register.page(filter, after, limit);
    const position = this.readModels.position('receipts');
    return pageOf(found, limit, position ? formatPosition(position) : null, receiptView, ({ row }) => [
      row.issued_at,
      String(row.book_revision),
      row.number,
    ]);
  }
}

/** What comes out of a cursor is checked, since anybody can make one up. */
function placeIn(cursor: string | undefined): RegisterPlace | undefined {
  const [issuedAt, bookRevision, number] = decodeCursor(cursor, 3) ?? [];
  if (issuedAt === undefined || bookRevision === undefined || number === undefined) return undefined;
  if (!/^\d{1,9}$/.test(bookRevision) || !isInstant(issuedAt))
    throw new RequestFault('http/invalid', {
      fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
    });
  return { issuedAt, bookRevision, number };
}

/** A day that never was counts on in JavaScript and fails in PostgreSQL. */
function isInstant(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 19) === text.slice(0, 19);
}
