import { Global, Module } from '@nestjs/common';
import { ConsumerDesk } from '../transport/consumer-desk.js';
import { FiguresDesk } from './figures.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OperationsController } from './operations.controller.js';
import { OrphanSweep } from './orphan-sweep.js';
import { ParkedStreams } from './parked-streams.js';
import { ServingTables } from './serving-tables.js';
import { WaitingController } from './waiting.controller.js';

/** Health, metrics and what operators mend; in every process. */
@Global()
@Module({
  controllers: [HealthController, MetricsController, OperationsController, WaitingController],
  providers: [ParkedStreams, OrphanSweep, ConsumerDesk, ServingTables, FiguresDesk],
  exports: [ParkedStreams, OrphanSweep, ConsumerDesk, FiguresDesk],
})
export class OperationsModule {}
