import { Module, type CanActivate } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Service } from '#platform/service.js';
import { ApiDocument } from '#platform/open-api/api-document.js';
import { DocsController } from './docs.controller.js';
import { EdgeGuard } from './edge-guard.js';
import { openApiDocument } from '#platform/open-api/document.js';
import { findApiAnswers } from '#platform/open-api/answers.js';
import { HomeController } from './pages/home.controller.js';
import { InboxController } from './pages/inbox.controller.js';
import { Pages } from './pages/pages.js';
import { PasswordsController } from './pages/passwords.controller.js';
import { ProblemsController } from './pages/problems.controller.js';
import { SecondFactorController } from './pages/second-factor.controller.js';
import { SignInController } from './pages/sign-in.controller.js';
import { SignInGuard } from './sign-in-guard.js';
import { WhoAsks } from './who-asks.js';

/** The one public door: pages, the API's description, and the guards that find out who asks. */
@Module({
  controllers: [
    HomeController,
    SignInController,
    SecondFactorController,
    PasswordsController,
    InboxController,
    ProblemsController,
    DocsController,
  ],
  providers: [Pages, WhoAsks, EdgeGuard, SignInGuard, ApiDocument],
})
export class GatewayModule {}

/** The gateway as a service that keeps nothing: it goes last, after those whose doors it asks. */
export const gatewayService: Service = {
  name: 'gateway',
  module: GatewayModule,
  publishers: [],
  streams: [],
  projections: [],
};

/** The door's guards, which run before the services' own. */
export function edgeGuards(app: NestFastifyApplication): readonly CanActivate[] {
  return [app.get(SignInGuard, { strict: false }), app.get(EdgeGuard, { strict: false })];
}

/** Has the API of everything in the application described to whoever asks. */
export async function prepareGateway(app: NestFastifyApplication): Promise<void> {
  app.get(ApiDocument, { strict: false }).keep(async () => openApiDocument(app, await findApiAnswers()));
}
