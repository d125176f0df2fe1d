import { Module, type CanActivate, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openAdapters, type AdapterOptions, type OpenedPlatform } from './adapters.js';
import { DoorsModule } from './doors/doors.module.js';
import { noFailPoints } from './fail-points.js';
import { httpAdapter } from './http/adapter.js';
import { configureHttp } from './http/configure-http.js';
import { OperationsModule } from './operations/operations.module.js';
import { PlatformModule } from './platform.module.js';
import type { Service } from './service.js';
import { ConsumerDesk } from './transport/consumer-desk.js';
import { TopicTransport } from './transport/topic-transport.js';

/** How to run some services in one process. */
export interface RunOptions extends AdapterOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Addresses and networks (CIDR) of proxies whose X-Forwarded-* headers are believed; nobody's when absent. */
  readonly trustedProxies?: readonly string[];
  /** The gateway's guards, where this process is the door itself. */
  readonly edgeGuards?: (app: NestFastifyApplication) => readonly CanActivate[];
  /** What the door adds before it listens: documents, pages. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void>;
}

/** Services that answer. */
export interface RunningServices {
  readonly app: NestFastifyApplication;
  readonly platform: OpenedPlatform;
  /** The port that is listened on. */
  readonly port: number;
  /** Takes no more requests, answers those under way, stops consumers and projections, closes connections. */
  stop(): Promise<void>;
}

@Module({})
class ProcessModule {}

/**
 * Opens the adapters, starts projections, then consumers, then listens; so nobody is answered before what they would
 * see is on its way. Throws what keeps it from starting and leaves nothing open.
 */
export async function runServices(
  services: readonly Service[],
  options: RunOptions,
): Promise<RunningServices> {
  const platform = await openAdapters(services, options);
  let app: NestFastifyApplication | undefined;
  const stop = async (): Promise<void> => {
    await app?.close();
    await platform.close();
  };
  try {
    app = await createApp(services, platform, options);
    connectTopics(app, services, platform, options);
    configureHttp(app, options.edgeGuards ? { edgeGuards: options.edgeGuards(app) } : {});
    await options.prepare?.(app);
    await platform.readModels.start();
    await app.init();
    await app.startAllMicroservices();
    const desk = app.get(ConsumerDesk, { strict: false });
    await platform.publish((topic, cause) => {
      desk.publisherStopped(topic, cause);
      options.onTrouble(`-> ${topic}`, cause);
    });
    await app.listen(options.port, options.host);
    return { app, platform, port: portOf(app), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function connectTopics(
  app: NestFastifyApplication,
  services: readonly Service[],
  { messaging, database }: OpenedPlatform,
  { onTrouble, failPoints = noFailPoints }: RunOptions,
): void {
  const desk = app.get(ConsumerDesk, { strict: false });
  for (const { name: group, knows = {} } of services) {
    const types = new Map(Object.entries(knows).map(([topic, names]) => [topic, new Set(names)]));
    const told = { desk, types, failPoints, onTrouble };
    const strategy = new TopicTransport({ group, services, messaging, database, ...told });
    app.connectMicroservice({ strategy });
  }
}

function createApp(
  services: readonly Service[],
  platform: OpenedPlatform,
  { trustedProxies = [], behindGateway = false }: RunOptions,
): Promise<NestFastifyApplication> {
  const imports: (DynamicModule | Service['module'])[] = [
    PlatformModule.with(platform),
    OperationsModule,
    ...services.map(({ module }) => module),
    ...(behindGateway ? [DoorsModule.with(services.flatMap(({ doors = [] }) => doors))] : []),
  ];
  const root: DynamicModule = { module: ProcessModule, imports };
  return NestFactory.create<NestFastifyApplication>(root, httpAdapter({ trustedProxies }), {
    bodyParser: false,
    abortOnError: false,
    logger: ['error', 'warn'],
  });
}

function portOf(app: NestFastifyApplication): number {
  const address = app.getHttpServer().address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
