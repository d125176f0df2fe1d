import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#platform/http/allow.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { ApiDocument } from '#platform/open-api/api-document.js';
import { html } from './pages/html.js';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

// Swagger UI writes styles into its elements; scripts come from here alone.
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The API's description, for programs and for people; works without a network. */
@ApiExcludeController()
@Controller()
export class DocsController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  @Public()
  async json(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('application/json; charset=utf-8').send(await this.document.text());
  }

  @Get('docs')
  @Public()
  async page(@Res() reply: FastifyReply): Promise<void> {
    const page = html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>API – Măng Non</title>
          <link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />
          <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
        </head>
        <body>
          <div id="api"></div>
          <noscript><a href="/openapi.json">openapi.json</a></noscript>
          <script src="/docs/assets/swagger-ui-bundle.js"></script>
          <script src="/docs/start.js"></script>
        </body>
      </html> `;
    await reply
      .header('Content-Security-Policy', contentSecurityPolicy)
      .type('text/html; charset=utf-8')
      .send(page.text);
  }

  @Get('docs/start.js')
  @Public()
  async start(@Res() reply: FastifyReply): Promise<void> {
    const options = { url: '/openapi.json', dom_id: '#api', validatorUrl: null, deepLinking: true };
    await reply
      .type('text/javascript; charset=utf-8')
      .send(`window.ui = SwaggerUIBundle(${JSON.stringify(options)});`);
  }

  @Get('docs/assets/:file')
  @Public()
  async asset(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const type = files[file];
    if (type === undefined) throw new RequestFault('http/not-found');
    await reply
      .header('Cache-Control', 'public, max-age=86400')
      .type(type)
      .send(await readFile(join(folder, file)));
  }
}
