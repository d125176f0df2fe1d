import { Module, type DynamicModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { refusalTable } from '../http/refusal-table.js';
import { findApiAnswers } from '../open-api/answers.js';
import { ApiDocument } from '../open-api/api-document.js';
import { openApiDocument } from '../open-api/document.js';
import { DescriptionController } from './description.controller.js';
import { DOORS, type Door } from './door.js';
import { DoorsController } from './doors.controller.js';

/** What a service shows other services where it runs in a process of its own. */
@Module({})
export class DoorsModule {
  /** The module for a process with these doors. */
  static with(doors: readonly Door[]): DynamicModule {
    return {
      module: DoorsModule,
      controllers: [DoorsController, DescriptionController],
      providers: [{ provide: DOORS, useValue: doors }, ApiDocument],
    };
  }
}

/** Has the process described to the gateway, when that first asks. */
export function describeToGateway(app: NestFastifyApplication): void {
  app.get(ApiDocument, { strict: false }).keep(async () => ({
    document: openApiDocument(app, await findApiAnswers()),
    problems: Object.fromEntries(refusalTable(app.get(ModulesContainer, { strict: false }))),
  }));
}
