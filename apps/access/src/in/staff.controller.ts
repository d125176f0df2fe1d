import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { StaffCommand } from '#domain/staff/commands.js';
import type { Person } from '#domain/staff/staff.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { Allow } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { assertGranted } from '#platform/http/caller.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { fundsAsked } from '#platform/http/funds-asked.js';
import type { Page } from '#platform/http/paging.http.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ACCESS, type Access } from '../access.js';
import { getPerson, personOf, staffStream } from '../streams.js';
import { FundTreeQuery } from '../read/fund/fund.query.js';
import { StaffQuery, type ListedStaff } from '../read/staff/staff.query.js';
import { accessAnswers } from './access-answers.http.js';
import { assertMayManage, assertMaySee } from './managing.js';
import { StaffContactBody, StaffBody, StaffListQuery } from './staff.http.js';
import { StaffRecords } from './staff-records.js';
import { staffView, type StaffView } from './staff-view.js';

/** A person just registered, with the one-time link to hand over. */
export interface RegisteredStaff {
  readonly staffId: string;
  readonly accountId: string;
  /** Path of the page that chooses the password; null when the command is repeated, for it is shown once. */
  readonly link: string | null;
  readonly linkExpiresAt: string | null;
}

/** A person in a list, with the name. */
export type NamedStaff = Omit<ListedStaff, 'contactRecordId'> & { readonly name: string | null };

/** Registers people and looks after them. */
@ApiTags('staff')
@Controller('v1/staff')
@Refuses(accessAnswers)
export class StaffController {
  constructor(
    @Inject(ACCESS) private readonly access: Access,
    private readonly staff: StaffQuery,
    private readonly funds: FundTreeQuery,
  ) {}

  @Post()
  @Allow('administrator')
  @ApiOperation({ summary: 'Register a person and get the link to choose the password' })
  async register(
    @Body() body: StaffBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<RegisteredStaff> {
    assertGranted(caller, body.fundId, 'administrator');
    const { fundId, login, ...contact } = body;
    const staffId = context.commandId;
    const link = this.access.passwords.makeLink(staffId);
    const who = { fundId, contact, login, by: caller.staffId };
    const { repeated } = await this.access.accounts.register(who, link, context);
    const shown = repeated
      ? { link: null, linkExpiresAt: null }
      : { link: `/password?link=${link.secret}`, linkExpiresAt: link.expiresAt };
    return { staffId, accountId: staffId, ...shown };
  }

  @Get()
  @Allow('administrator', 'auditor')
  @ApiOperation({ summary: 'Staff of the funds that you look after or audit, registered last first' })
  async list(@Query() query: StaffListQuery, @AskedBy() caller: Caller): Promise<Page<NamedStaff>> {
    const funds = fundsAsked(caller, query.fundId, ['administrator', 'auditor']);
    const page = await this.staff.list(funds, query.status, query);
    const names = await this.access.records.contacts(
      page.items.map((item) => item.contactRecordId),
      { actor: `staff:${caller.staffId}`, purpose: 'staff listed' },
    );
    return {
      ...page,
      items: page.items.map(({ contactRecordId, ...item }) => ({
        ...item,
        name: names.get(contactRecordId)?.name ?? null,
      })),
    };
  }

  @Get(':id')
  @Allow('administrator', 'auditor')
  @ApiOperation({ summary: 'One person, with grants and accounts' })
  async show(@IdParam('id') staffId: string, @AskedBy() caller: Caller): Promise<StaffView> {
    const person = await getPerson(this.access.streams, staffId);
    assertMaySee(caller, person);
    return this.#view(person, caller);
  }

  @Post(':id/contact')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Change name, mail address and phone' })
  async changeContact(
    @IdParam('id') staffId: string,
    @Body() contact: StaffContactBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    const person = await this.#assertMayManage(staffId, caller);
    const contactRecordId = StaffRecords.idOf(context, 'contact');
    if (!(await this.access.streams.staff.repeated(staffStream(staffId), context))) {
      // Asked before anything is sealed: nobody who left is kept anew, and whoever was erased cannot be.
      if (person.status === 'withdrawn') throw new DomainRefusal('staff/withdrawn');
      await this.access.records.putContact(staffId, contactRecordId, contact);
    }
    return this.#command(staffId, { kind: 'ChangeContact', contactRecordId }, caller, context);
  }

  @Post(':id/suspension')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Stop a person at once; sessions and tokens end' })
  suspend(
    @IdParam('id') staffId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    return this.#managed(staffId, { kind: 'SuspendStaff', by: caller.staffId }, caller, context);
  }

  @Post(':id/reinstatement')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Let a suspended person act again' })
  reinstate(
    @IdParam('id') staffId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    return this.#managed(staffId, { kind: 'ReinstateStaff', by: caller.staffId }, caller, context);
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'End everything for a person who leaves' })
  withdraw(
    @IdParam('id') staffId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    return this.#managed(staffId, { kind: 'WithdrawStaff', by: caller.staffId }, caller, context);
  }

  @Post(':id/second-factor-removal')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Forget the second factor of somebody who lost it' })
  removeSecondFactor(
    @IdParam('id') staffId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    return this.#managed(staffId, { kind: 'RemoveSecondFactor', by: caller.staffId }, caller, context);
  }

  @Post(':id/erasure')
  @HttpCode(200)
  @Allow('administrator')
  @ApiOperation({ summary: 'Destroy name, addresses and login names of a person who has left' })
  async erase(
    @IdParam('id') staffId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<StaffView> {
    const person = await this.#assertMayManage(staffId, caller);
    if (person.status !== 'withdrawn') throw new DomainRefusal('staff/not-withdrawn');
    await this.access.records.erase(staffId);
    return this.#command(staffId, { kind: 'RecordErasure' }, caller, context);
  }

  async #managed(
    staffId: string,
    command: StaffCommand,
    caller: Caller,
    context: CommandContext,
  ): Promise<StaffView> {
    await this.#assertMayManage(staffId, caller);
    return this.#command(staffId, command, caller, context);
  }

  async #command(
    staffId: string,
    command: StaffCommand,
    caller: Caller,
    context: CommandContext,
  ): Promise<StaffView> {
    const handled = await this.access.streams.staff.command(staffStream(staffId), command, context);
    return this.#view(personOf(handled), caller);
  }

  async #assertMayManage(staffId: string, caller: Caller): Promise<Person> {
    const person = await getPerson(this.access.streams, staffId);
    await assertMayManage(caller, person, this.funds);
    return person;
  }

  #view(person: Person, caller: Caller): Promise<StaffView> {
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'staff shown' } as const;
    return staffView(person, this.access.records, reading);
  }
}
