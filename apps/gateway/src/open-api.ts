import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { RouteAccess } from '#platform/http/allow.js';
import { routeTable, type RouteRow } from '#platform/http/routes.js';

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: '`/problems/<code>`' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'one sentence, in the language of Accept-Language (vi, en)' },
    code: { type: 'string', description: 'stable; see the catalogue of refusal codes' },
    details: { type: 'object', additionalProperties: true },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'reason'],
        properties: { field: { type: 'string' }, reason: { type: 'string' } },
      },
    },
    instance: { type: 'string', description: 'the id under which the log has an internal error' },
  },
} as const;

/** The API as an OpenAPI 3.1 document, with who may call each route taken from the routes themselves. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Măng Non')
    .setDescription(
      'Books of provincial Child Protection Funds. Money is minor units as a decimal string. Every POST that records ' +
        'something takes an Idempotency-Key. Errors are problem+json (RFC 9457).',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'secret of a session or an access token' })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problem as never },
  };
  for (const row of routeTable(app)) describe(document, row);
  return document;
}

function describe(document: OpenAPIObject, { method, path, access }: RouteRow): void {
  const item = document.paths[path.replaceAll(/:([A-Za-z]+)/g, '{$1}')];
  const operation = item?.[method.toLowerCase() as 'get' | 'post' | 'delete'];
  if (!operation) return;
  operation.security = access?.kind === 'public' ? [] : [{ bearer: [] }];
  operation.description = [operation.description, whoMay(access)].filter(Boolean).join('\n\n');
  operation.responses['default'] = {
    description: 'A refusal or an error, told by its code',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function whoMay(access: RouteAccess | undefined): string {
  if (access?.kind === 'public') return 'For anybody.';
  if (access?.kind === 'roles') return `For: ${access.roles.join(', ')} of the fund concerned.`;
  return 'For any staff signed in.';
}
