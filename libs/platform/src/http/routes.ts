import type { INestApplicationContext } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { RouteAccess } from './allow.js';
import { accessOf } from './context-guard.js';
import { FILE_BODY, type FileBody } from './file-body.js';

/** One route of the API and who may call it. */
export interface RouteRow {
  readonly method: string;
  /** Such as `/v1/staff/:id/grants`. */
  readonly path: string;
  /** Undefined only where the route forgot to say; such an application does not boot. */
  readonly access: RouteAccess | undefined;
  /** `Controller.method`. */
  readonly handler: string;
  /** The file that it takes instead of JSON. */
  readonly file?: FileBody;
}

/** Every route of the application from the controllers' metadata, sorted by path and method. */
export function routeTable(app: INestApplicationContext): readonly RouteRow[] {
  const scanner = new MetadataScanner();
  const rows: RouteRow[] = [];
  for (const module of app.get(ModulesContainer, { strict: false }).values())
    for (const { metatype } of module.controllers.values())
      if (typeof metatype === 'function') rows.push(...routesOf(metatype, scanner));
  return rows.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

/** Throws an error that names every route which says neither `@Allow`, `@AllowStaff` nor `@Public`. */
export function assertRoutesGuarded(rows: readonly RouteRow[]): void {
  const open = rows.filter((row) => row.access === undefined);
  if (open.length === 0) return;
  const names = open.map((row) => `${row.method} ${row.path} (${row.handler})`).join(', ');
  throw new Error(`these routes say neither @Allow nor @Public: ${names}`);
}

interface Controller {
  readonly name: string;
  readonly prototype: Record<string, object>;
}

function routesOf(controller: Controller, scanner: MetadataScanner): readonly RouteRow[] {
  const prefixes = pathsOf(controller);
  return scanner.getAllMethodNames(controller.prototype).flatMap((name) => {
    const handler = controller.prototype[name];
    const file = handler && (Reflect.getMetadata(FILE_BODY, handler) as FileBody | undefined);
    const method = handler && (Reflect.getMetadata('method', handler) as RequestMethod | undefined);
    if (handler === undefined || method === undefined) return [];
    return prefixes.flatMap((prefix) =>
      pathsOf(handler).map((path) => ({
        method: RequestMethod[method],
        path: `/${[prefix, path].map(trimmed).filter(Boolean).join('/')}`,
        access: accessOf(handler, controller),
        handler: `${controller.name}.${name}`,
        ...(file && { file }),
      })),
    );
  });
}

function pathsOf(target: object): readonly string[] {
  const path = Reflect.getMetadata('path', target) as string | readonly string[] | undefined;
  return typeof path === 'string' ? [path] : (path ?? []);
}

function trimmed(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, '');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
