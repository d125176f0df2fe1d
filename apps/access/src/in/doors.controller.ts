import { Body, Controller, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AccessDoor, OpenedSession } from '#contracts/access-door.js';
import { Public } from '#platform/http/allow.js';
import { networkOf } from '#platform/http/network.js';
import { Refuses } from '#platform/http/problem-filter.js';
import { ACCESS_DOOR } from '#platform/tokens.js';
import { accessAnswers } from './access-answers.http.js';
import { PasswordByLinkBody, ResetRequestBody, SetUpBody, SignInBody } from './own.http.js';

/**
 * What people do before anybody knows who they are. None of it takes an Idempotency-Key: there is no person yet to whom
 * the key belongs, and a digest would be kept of a password.
 */
@ApiTags('signing in')
@Controller('v1')
@Refuses(accessAnswers)
export class DoorsController {
  constructor(@Inject(ACCESS_DOOR) private readonly door: AccessDoor) {}

  @Post('setup')
  @Public()
  @ApiOperation({ summary: 'Become the first administrator, with the link from the console' })
  setUp(@Body() { link, ...first }: SetUpBody): Promise<OpenedSession> {
    return this.door.setUp(link, first);
  }

  @Post('sessions')
  @Public()
  @ApiOperation({ summary: 'Sign in; send the secret as `Authorization: Bearer` from then on' })
  async signIn(@Body() { login, password, code }: SignInBody, @Ip() address: string): Promise<OpenedSession> {
    const opened = await this.door.signIn(login, password, networkOf(address));
    if (code === undefined || opened.secondFactor !== 'asked') return opened;
    return this.door.giveCode(opened.secret, code);
  }

  @Post('resets')
  @HttpCode(202)
  @Public()
  @ApiOperation({ summary: 'Ask the administrators for a link to choose a password' })
  requestLink(@Body() { login }: ResetRequestBody): Promise<void> {
    return this.door.requestLink(login);
  }

  @Post('resets/password')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'Choose a password by a one-time link' })
  setPassword(@Body() { link, password }: PasswordByLinkBody): Promise<void> {
    return this.door.setPassword(link, password);
  }
}
