import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp } from '#platform/http/configure-http.js';
import { ApiDocument, DocsController } from './docs.controller.js';
import { EdgeGuard } from './edge-guard.js';
import { openApiDocument } from './open-api.js';
import { HomeController } from './pages/home.controller.js';
import { InboxController } from './pages/inbox.controller.js';
import { Pages } from './pages/pages.js';
import { PasswordsController } from './pages/passwords.controller.js';
import { SecondFactorController } from './pages/second-factor.controller.js';
import { SignInController } from './pages/sign-in.controller.js';
import { SignInGuard } from './sign-in-guard.js';

/** The one public door: pages, the API's description, and the guards that find out who asks. */
@Module({
  controllers: [
    HomeController,
    SignInController,
    SecondFactorController,
    PasswordsController,
    InboxController,
    DocsController,
  ],
  providers: [Pages, EdgeGuard, SignInGuard, ApiDocument],
})
export class GatewayModule {}

/**
 * Gives an application that holds the gateway and the services our way with HTTP: the door's guards before the services'
 * own. Call it once, before `init` or `listen`.
 */
export function configureGateway(app: NestFastifyApplication): void {
  const strict = { strict: false };
  configureHttp(app, { edgeGuards: [app.get(SignInGuard, strict), app.get(EdgeGuard, strict)] });
  app.get(ApiDocument, strict).keep(openApiDocument(app));
}
