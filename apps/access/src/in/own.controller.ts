import { Body, Controller, Delete, Get, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Enrolment, OpenedSession } from '#contracts/access-door.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { AllowStaff } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { IdParam } from '#platform/http/fields.js';
import { networkOf } from '#platform/http/network.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ACCESS, type Access } from '../access.js';
import { getPerson } from '../streams.js';
import { accessAnswers } from './access-answers.http.js';
import { CodeBody, PasswordChangeBody } from './own.http.js';
import type { SessionPlace } from './sessions.js';
import { staffView, type StaffView } from './staff-view.js';

/** One of one's own sessions. */
export interface SessionView {
  readonly sessionId: string;
  readonly expiresAt: string;
  readonly secondFactor: boolean;
  /** Whether it is the one asking. */
  readonly current: boolean;
}

/** What concerns only the person asking. */
@ApiTags('signing in')
@Controller('v1')
@Refuses(accessAnswers)
export class OwnController {
  constructor(@Inject(ACCESS) private readonly access: Access) {}

  @Get('me')
  @AllowStaff()
  @ApiOperation({ summary: 'Who you are here, and what counts in this session' })
  async me(@AskedBy() caller: Caller): Promise<StaffView & { readonly session: Caller }> {
    const person = await getPerson(this.access.streams, caller.staffId);
    const reading = { actor: `staff:${caller.staffId}`, purpose: 'own profile shown' } as const;
    return { ...(await staffView(person, this.access.records, reading)), session: caller };
  }

  @Get('sessions')
  @AllowStaff()
  @ApiOperation({ summary: 'Your live sessions' })
  async sessions(@AskedBy() caller: Caller): Promise<{ readonly items: readonly SessionView[] }> {
    const person = await getPerson(this.access.streams, caller.staffId);
    const now = this.access.clock.now().toISOString();
    const items = Object.values(person.sessions)
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ sessionId, expiresAt, secondFactor }) => {
        return { sessionId, expiresAt, secondFactor, current: sessionId === caller.credential?.id };
      });
    return { items };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @AllowStaff()
  @ApiOperation({ summary: 'End one of your sessions', description: 'Needs a session, not a token.' })
  async end(@IdParam('id') sessionId: string, @AskedBy() caller: Caller): Promise<void> {
    const { staffId } = placeOf(caller);
    await this.access.sessions.end({ staffId, sessionId });
  }

  @Post('me/password')
  @HttpCode(204)
  @AllowStaff()
  @ApiOperation({ summary: 'Change your password; every session and token of yours ends' })
  async changePassword(
    @Body() { present, next }: PasswordChangeBody,
    @AskedBy() caller: Caller,
    @Ip() address: string,
  ): Promise<void> {
    const person = await getPerson(this.access.streams, caller.staffId);
    const accountId = person.sessions[placeOf(caller).sessionId]?.accountId ?? '';
    await this.access.passwords.change(person, accountId, { present, next, network: networkOf(address) });
  }

  @Post('me/second-factor')
  @AllowStaff()
  @ApiOperation({ summary: 'Begin to set up an authenticator app' })
  enrol(@AskedBy() caller: Caller): Promise<Enrolment> {
    return this.access.sessions.enrol(placeOf(caller));
  }

  @Post('me/second-factor/confirmation')
  @AllowStaff()
  @ApiOperation({ summary: 'Prove the app with a first code; the session gets a new secret' })
  confirm(@Body() { code }: CodeBody, @AskedBy() caller: Caller): Promise<OpenedSession> {
    return this.access.sessions.confirm(placeOf(caller), code);
  }
}

/** The session asking; throws `access/session-needed` for a token. */
export function placeOf({ staffId, credential }: Caller): SessionPlace {
  if (credential?.kind !== 'session') throw new DomainRefusal('access/session-needed');
  return { staffId, sessionId: credential.id };
}
