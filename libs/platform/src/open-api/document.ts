import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject, type OperationObject } from '@nestjs/swagger';
import type { RouteAccess } from '../http/allow.js';
import { REFUSAL_ANSWERS } from '../http/problem-filter.js';
import type { RefusalAnswers } from '../http/refusals.js';
import { routeTable, type RouteRow } from '../http/routes.js';
import type { Service } from '../service.js';
import { SERVICES } from '../tokens.js';
import { describeSuccess, notDescribed, type ApiAnswers } from './answers.js';
import { describeFaults, problem } from './faults.js';

const about =
  'Books of provincial Child Protection Funds. Money is minor units as a decimal string. Every POST that records ' +
  'something takes an Idempotency-Key. Errors are problem+json (RFC 9457).';

/** What each service answers for; what no service has is for operators. */
const tags: Readonly<Record<string, string>> = {
  access: 'Signing in, staff, accounts, roles on funds, access tokens',
  donations: 'Donors, campaigns, pledges, donations, refunds and voids',
  ledger: 'Funds, purposes, entries, balances',
  receipts: 'Numbered receipts, their PDF and mail, templates',
  operations: 'Health, where everything stands, what is parked or held',
};

/**
 * The API as an OpenAPI 3.1 document. Who may call a route and how it refuses are taken from the routes themselves, what it
 * answers from `answers`; without them every answer says that it is not described. Pages for people are not in it.
 */
export function openApiDocument(app: INestApplication, answers: ApiAnswers | undefined): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Măng Non')
    .setDescription(answers ? about : `${about}\n\nAnswers are not described here. ${notDescribed}`)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'secret of a session or an access token' })
    .build();
  const document = SwaggerModule.createDocument(app, config, { autoTagControllers: false });
  document.tags = Object.entries(tags).map(([name, description]) => ({ name, description }));
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...answers?.schemas, Problem: problem as never },
  };
  const controllers = controllersOf(app);
  for (const row of routeTable(app)) describe(document, row, controllers, answers);
  return document;
}

/** A controller and the service that it belongs to. */
interface Placed {
  readonly service: string;
  readonly type: object;
}

function controllersOf(app: INestApplication): ReadonlyMap<string, Placed> {
  const services = app.get<readonly Service[]>(SERVICES, { strict: false });
  const found = new Map<string, Placed>();
  for (const { metatype, controllers } of app.get(ModulesContainer, { strict: false }).values()) {
    const service = services.find(({ module }) => module === metatype)?.name ?? 'operations';
    for (const { metatype: type } of controllers.values())
      if (typeof type === 'function') found.set(type.name, { service, type });
  }
  return found;
}

function describe(
  document: OpenAPIObject,
  row: RouteRow,
  controllers: ReadonlyMap<string, Placed>,
  answers: ApiAnswers | undefined,
): void {
  const { method, path, access } = row;
  const operation = operationOf(document, row);
  const controller = controllers.get(row.handler.split('.', 1)[0] ?? '');
  if (!operation || !controller) return;
  operation.tags = [controller.service];
  operation.security = access?.kind === 'public' ? [] : [{ bearer: [] }];
  describeSuccess(operation, answers?.answers[row.handler]);
  operation.description = [operation.description, whoMay(access)].filter(Boolean).join('\n\n');
  describeFaults(operation, { method, path, access, refusals: refusalsOf(controller.type) });
}

function operationOf(document: OpenAPIObject, { method, path }: RouteRow): OperationObject | undefined {
  const item = document.paths[path.replaceAll(/:([A-Za-z]+)/g, '{$1}')];
  return item?.[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'];
}

function refusalsOf(controller: object): RefusalAnswers<string> {
  return (Reflect.getMetadata(REFUSAL_ANSWERS, controller) ?? {}) as RefusalAnswers<string>;
}

function whoMay(access: RouteAccess | undefined): string {
  if (access?.kind === 'public') return 'For anybody.';
  if (access?.kind === 'roles') return `For: ${access.roles.join(', ')} of the fund concerned.`;
  return 'For any staff signed in.';
}
