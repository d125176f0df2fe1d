import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const root = new URL('../', import.meta.url);

/** `./x.js` beside a `x.ts`, and `#lib/x.js`, are our sources. */
export async function resolve(specifier, context, next) {
  const url = sourceOf(specifier, context.parentURL);
  if (url && existsSync(url)) return { url: url.href, format: 'module', shortCircuit: true };
  return next(specifier, context);
}

function sourceOf(specifier, parent) {
  if (!specifier.endsWith('.js')) return undefined;
  const path = `${specifier.slice(0, -3)}.ts`;
  const [, lib, rest] = /^#([a-z-]+)\/(.+)$/.exec(path) ?? [];
  if (lib) return new URL(lib === 'apps' ? `apps/${rest}` : `libs/${lib}/src/${rest}`, root);
  return path.startsWith('.') && parent?.startsWith('file:') ? new URL(path, parent) : undefined;
}

/** TypeScript without its types. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(await readFile(new URL(url), 'utf8'), {
    filename: fileURLToPath(url),
    jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true } },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
