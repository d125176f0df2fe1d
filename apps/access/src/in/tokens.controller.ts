import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Token } from '#domain/staff/staff.state.js';
import type { CommandContext } from '#event-store/handle.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { AllowStaff } from '#platform/http/allow.js';
import { AskedBy } from '#platform/http/asked-by.js';
import { CommandOf } from '#platform/http/command-of.js';
import { IdParam } from '#platform/http/fields.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ACCESS, type Access } from '../access.js';
import { getPerson, staffStream } from '../streams.js';
import { accessAnswers } from './access-answers.http.js';
import { placeOf } from './own.controller.js';
import { TokenBody } from './own.http.js';
import { makeSecret } from './secrets.js';

/** A token as its owner sees it; never its secret. */
export type TokenView = Omit<Token, 'tokenHash'>;

/** A token just issued. */
export type IssuedToken = TokenView & {
  /** Shown once: null when the command is repeated. Send it as `Authorization: Bearer`. */
  readonly secret: string | null;
};

/** Access tokens for programs, each the person's own. */
@ApiTags('signing in')
@Controller('v1/tokens')
@Refuses(accessAnswers)
export class TokensController {
  constructor(@Inject(ACCESS) private readonly access: Access) {}

  @Post()
  @AllowStaff()
  @ApiOperation({ summary: 'Issue a token that carries at most your own roles' })
  async issue(
    @Body() body: TokenBody,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<IssuedToken> {
    const { staffId, sessionId } = placeOf(caller);
    const tokenId = context.commandId;
    const { secret, hash: tokenHash } = makeSecret('token', staffId);
    const now = this.access.clock.now().toISOString();
    const { label, expiresAt } = body;
    const token = {
      tokenId,
      tokenHash,
      label,
      roles: body.roles ?? null,
      fundId: body.fundId ?? null,
      expiresAt,
    };
    const handled = await this.access.streams.staff.command(
      staffStream(staffId),
      { kind: 'IssueToken', sessionId, now, ...token },
      context,
    );
    const [event] = handled.events;
    if (event?.type !== 'TokenIssued') throw new InvariantViolation('issuing a token made no token');
    return { ...viewOf(event.data), secret: handled.repeated ? null : secret };
  }

  @Get()
  @AllowStaff()
  @ApiOperation({ summary: 'Your tokens that still work' })
  async list(@AskedBy() caller: Caller): Promise<{ readonly items: readonly TokenView[] }> {
    const { tokens } = await getPerson(this.access.streams, caller.staffId);
    const now = this.access.clock.now().toISOString();
    return {
      items: Object.values(tokens)
        .filter(({ expiresAt }) => expiresAt > now)
        .map(viewOf),
    };
  }

  @Post(':id/revocation')
  @HttpCode(204)
  @AllowStaff()
  @ApiOperation({
    summary: 'End one of your tokens at once',
    description: 'With a token only itself; others need a session.',
  })
  async revoke(
    @IdParam('id') tokenId: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): Promise<void> {
    const { staffId, credential } = caller;
    if (credential?.id !== tokenId) placeOf(caller);
    const command = { kind: 'RevokeToken', tokenId } as const;
    await this.access.streams.staff.command(staffStream(staffId), command, context);
  }
}

function viewOf({ tokenHash: _hash, ...token }: Token): TokenView {
  return token;
}
