import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const root = new URL('../', import.meta.url);
const globals = new URL('runner/globals.mjs', import.meta.url).href;
// A thread starts by itself with nothing of this; so specs start it with what reads our sources.
const threads = new Set(['./start-pdf-worker.js', './start-workbook-worker.js']);

/** `./x.js` beside a `x.ts`, and `#lib/x.js`, are our sources. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, format: 'module', shortCircuit: true };
  const url = sourceOf(specifier, context.parentURL);
  if (url && existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true };
  return next(specifier, context);
}

function sourceOf(specifier, parent) {
  if (!specifier.endsWith('.js')) return undefined;
  const path = `${specifier.slice(0, -3)}.ts`;
  if (threads.has(specifier)) return new URL(`libs/testing/src/${path}`, root);
  const [, lib, rest] = /^#([a-z-]+)\/(.+)$/.exec(path) ?? [];
  if (lib) return new URL(lib === 'apps' ? `apps/${rest}` : `libs/${lib}/src/${rest}`, root);
  return isBeside(path, parent) ? new URL(path, parent) : undefined;
}

const isBeside = (path, parent) => path.startsWith('.') && Boolean(parent?.startsWith('file:'));

/** TypeScript without its types. */
export async function load(url, context, next) {
  if (!/\.ts(\?file=\d+)?$/.test(url)) return next(url, context);
  const { code } = await transform(await readFile(new URL(url), 'utf8'), {
    filename: fileURLToPath(url),
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
