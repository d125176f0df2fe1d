import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { CommandContext } from '#event-store/handle.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { EVENT_STORE } from '#platform/tokens.js';
import { BankItemQuery, type ListedBankItem } from '../read/bank-item/bank-item.query.js';
import { bankItemAnswers } from './bank-item-refusals.js';
import { BankItemDesk, type ClassificationAnswer } from './bank-item-desk.js';
import { bankItemView, readBankItem, type BankItemView, type ReadBankItem } from './bank-item-view.js';
import { BankItemListQuery, ClassifyBankItemBody } from './bank-items.http.js';
import { classificationOf } from './classification-body.js';
import { donationAnswers } from './donation-refusals.js';
import { Erasures } from './erasures.js';
import { placeOf, type RecordedPlace } from './opening.js';
import { PersonalData } from './personal-data.js';
import { ReasonBody } from './pledges.http.js';
import { nameReaders } from './roles.js';

/** What statements say besides donations: money that went out, and money that no row explains. People say what each was. */
@Controller('v1/bank-items')
@Refuses({ ...bankItemAnswers, ...donationAnswers })
export class BankItemsController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly items: BankItemQuery,
    private readonly desk: BankItemDesk,
    private readonly personal: PersonalData,
    private readonly erasures: Erasures,
  ) {}

  /** Lists bank items, what was recorded last first. */
  @Get()
  @Allow(...nameReaders)
  async list(@Query() query: BankItemListQuery, @AskedBy() caller: Caller): Promise<Page<ListedBankItem>> {
    const { fundId, ...wanted } = query;
    return this.items.list(fundsAsked(caller, fundId, nameReaders), wanted, query);
  }

  /** The bank item as its stream folds now, with what the bank wrote. */
  @Get(':id')
  @Allow(...nameReaders)
  async show(@IdParam('id') bankItemId: string, @AskedBy() caller: Caller): Promise<BankItemView> {
    const read = await readBankItem(this.store, bankItemId);
    assertGranted(caller, read.state.item.fundId, ...nameReaders);
    return bankItemView(read, await this.#opened(read, caller));
  }

  /** Says what the item was; an account of somebody’s choice waits for a second person. */
  @Post(':id/classifications')
  @Allow('accountant')
  async classify(
    @IdParam('id') bankItemId: string,
    @Body() body: ClassifyBankItemBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ClassificationAnswer> {
    const asking = { bankItemId, caller, context, role: 'accountant' } as const;
    const { note, distinctFrom = '' } = body;
    const more = { note, distinctFrom: distinctFrom.split(' ') };
    return this.desk.classify(asking, classificationOf(body), more);
  }

  /** A second person's yes; the ledger is asked next. */
  @Post(':id/classifications/:classificationId/approval')
  @Allow('approver')
  async approve(
    @IdParam('id') bankItemId: string,
    @IdParam('classificationId') classificationId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ClassificationAnswer> {
    return this.desk.approve({ bankItemId, caller, context, role: 'approver' }, classificationId);
  }

  /** A second person's no. */
  @Post(':id/classifications/:classificationId/rejection')
  @Allow('approver')
  async reject(
    @IdParam('id') bankItemId: string,
    @IdParam('classificationId') classificationId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ClassificationAnswer> {
    const asking = { bankItemId, caller, context, role: 'approver' } as const;
    return this.desk.takeBack(asking, 'RejectClassification', classificationId, reason);
  }

  /** Taken back by who proposed it, before anybody agreed. */
  @Post(':id/classifications/:classificationId/withdrawal')
  @Allow('accountant')
  async withdraw(
    @IdParam('id') bankItemId: string,
    @IdParam('classificationId') classificationId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ClassificationAnswer> {
    const asking = { bankItemId, caller, context, role: 'accountant' } as const;
    return this.desk.takeBack(asking, 'WithdrawClassification', classificationId, reason);
  }

  /** Says that the item was something else than what is posted; the ledger reverses that. */
  @Post(':id/classifications/:classificationId/undoing')
  @Allow('accountant')
  async undo(
    @IdParam('id') bankItemId: string,
    @IdParam('classificationId') classificationId: string,
    @Body() { reason }: ReasonBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<ClassificationAnswer> {
    const asking = { bankItemId, caller, context, role: 'accountant' } as const;
    return this.desk.takeBack(asking, 'UndoClassification', classificationId, reason);
  }

  /** Destroys what the bank wrote of the item, and what people said of it in free text; its sums and classification stand. */
  @Post(':id/erasure')
  @Allow('administrator')
  async erase(
    @IdParam('id') bankItemId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<{ readonly bankItemId: string; readonly revision: number } & Partial<RecordedPlace>> {
    const { state } = await readBankItem(this.store, bankItemId);
    assertGranted(caller, state.item.fundId, 'administrator');
    const { events, revision } = await this.erasures.eraseItemTexts(bankItemId, caller.staffId, context);
    const [event] = events;
    return { bankItemId, revision, ...(event && placeOf(event)) };
  }

  async #opened({ state, memoRecordId }: ReadBankItem, caller: Caller) {
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'bank item shown' } as const;
    const noteRecordId = state.status === 'open' ? undefined : state.said.noteRecordId;
    const memo = memoRecordId === undefined ? undefined : await this.personal.openMemo(memoRecordId, reading);
    const notes = noteRecordId === undefined ? undefined : await this.personal.texts([noteRecordId], reading);
    return { memo, note: notes?.get(noteRecordId ?? '') };
  }
}
