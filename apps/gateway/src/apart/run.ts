import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { drainable } from '#platform/apart/draining.js';
import type { OnTrouble, Running } from '#platform/apart/run-process.js';
import { systemClock, type Clock } from '#platform/clock.js';
import { gatewayName, loadKnownKeys, loadSigner } from '#platform/keys/key-pairs.js';
import { httpAdapter } from '#platform/http/adapter.js';
import { configureHttp } from '#platform/http/configure-http.js';
import { urlOf } from '#platform/http/url-of.js';
import { findApiAnswers } from '#platform/open-api/answers.js';
import { ApiDocument } from '#platform/open-api/api-document.js';
import { openApiDocument } from '#platform/open-api/document.js';
import { openTracing } from '#platform/tracing/open-tracing.js';
import type { GatewayConfig } from '../config.js';
import { edgeGuards, GatewayModule } from '../gateway.module.js';
import { ApartModule } from './apart.module.js';
import { forwardRequests } from './forwarding.js';
import { Upstreams } from './upstreams.js';

@Module({})
class GatewayProcess {}

/**
 * Starts the gateway in a process of its own. It answers at once, with 503 for what belongs to a service that has not told
 * its routes yet; `/health/ready` says when all have.
 */
export async function runGateway(
  config: GatewayConfig,
  onTrouble: OnTrouble,
  clock: Clock = systemClock,
): Promise<Running> {
  const tracing = await openTracing('mangnon-gateway');
  const signer = await loadSigner(config.keysDirectory, gatewayName);
  const known = await loadKnownKeys(config.keysDirectory, [gatewayName], [gatewayName]);
  const { services } = config;
  let onDescribed = (): void => undefined;
  const upstreams = new Upstreams({
    onDescribed: () => onDescribed(),
    upstreams: Object.entries(services).map(([name, url]) => ({ name, url })),
    signer,
    clock,
    onTrouble,
  });
  const apart = ApartModule.with({
    upstreams,
    access: { name: 'access', url: services.access },
    receipts: { name: 'receipts', url: services.receipts },
    known,
    signer,
    clock,
  });
  const root: DynamicModule = { module: GatewayProcess, imports: [apart, GatewayModule] };
  const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger: ['error', 'warn'],
  });
  configureHttp(app, { edgeGuards: edgeGuards(app) });
  const document = app.get(ApiDocument, { strict: false });
  onDescribed = () => document.keep(() => wholeDocument(app, upstreams));
  onDescribed();
  await forwardRequests(app, upstreams);
  const drain = drainable(app);
  upstreams.start();
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as { readonly port: number };
  return {
    url: urlOf(config.host, port),
    drain: (signal) => drain(config.drainMs ?? 0, signal),
    stop: async () => {
      await app.close();
      await upstreams.stop();
      await tracing.close();
    },
  };
}

/** What the gateway answers itself comes first; the rest as each service describes it. */
async function wholeDocument(app: NestFastifyApplication, upstreams: Upstreams): Promise<OpenAPIObject> {
  const own = openApiDocument(app, await findApiAnswers());
  const others = upstreams.documents();
  const paths = Object.assign(
    {},
    ...others.map(({ paths: told }) => told),
    own.paths,
  ) as OpenAPIObject['paths'];
  const schemas = Object.assign(
    {},
    ...[...others, own].map(({ components }) => components?.schemas),
  ) as NonNullable<OpenAPIObject['components']>['schemas'];
  return { ...own, paths, components: { ...own.components, ...(schemas && { schemas }) } };
}
