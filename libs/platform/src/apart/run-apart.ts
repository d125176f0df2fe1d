import type { INestApplicationContext } from '@nestjs/common';
import type { TopicDeclaration } from '#kernel/topic.js';
import { checkAll } from '../config-refused.js';
import { describeToGateway } from '../doors/doors.module.js';
import { failPointsOf } from '../fail-points.js';
import { openTracing } from '../tracing/open-tracing.js';
import { readTracingConfig } from '../tracing/config.js';
import { urlOf } from '../http/url-of.js';
import { runServices, type RunningServices } from '../run-services.js';
import type { Service } from '../service.js';
import { readApartConfig } from './config.js';
import { drainable, type Drain } from './draining.js';
import { onceEnginesAnswer } from './once-engines-answer.js';
import { runProcess } from './run-process.js';

/** What differs from service to service. */
export interface ApartOptions {
  /** Where it listens unless told otherwise. */
  readonly port: number;
  /** Every topic there is. */
  readonly topics: readonly TopicDeclaration[];
  /** What is to be said on the console once it runs. */
  readonly say?: (app: INestApplicationContext) => Promise<string | undefined>;
}

/** Runs one service as a process of its own, on the engines that the environment names. */
export function runApart(service: Service, { port, topics, say }: ApartOptions): void {
  runProcess(service.name, async (onTrouble, signal) => {
    checkAll([
      () => void readApartConfig(port),
      () => void readTracingConfig(),
      () => service.checkConfig?.(),
    ]);
    const tracing = await openTracing(`mangnon-${service.name}`);
    const { failPoint, kafka, eventStore, drainMs = 0, ...config } = readApartConfig(port);
    let drain: Drain | undefined;
    const start = (): Promise<RunningServices> =>
      runServices([service], {
        ...config,
        behindGateway: true,
        apart: { kafka, topics, ...(eventStore && { eventStore }) },
        failPoints: failPointsOf(failPoint),
        prepare: async (app) => {
          drain = drainable(app);
          describeToGateway(app);
        },
        onTrouble,
      });
    const running = await onceEnginesAnswer(start, { onTrouble, signal });
    const told = await say?.(running.app);
    if (told !== undefined) process.stdout.write(`${told}\n`);
    return {
      url: urlOf(config.host, running.port),
      drain: async (signal) => drain?.(drainMs, signal),
      stop: () => running.stop().finally(() => tracing.close()),
    };
  });
}
