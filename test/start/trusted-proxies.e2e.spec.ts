import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#apps/standalone/src/config.js';
import { runStandalone, type Standalone } from '#apps/standalone/src/run.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-proxies-'));
// PostgreSQL's own user passes through when this is root.
chmodSync(folder, 0o711);

let standalone: Standalone;
afterEach(() => standalone.stop());
afterAll(() => rmSync(folder, { recursive: true }));

async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const directories = { MANGNON_DATA_DIR: join(folder, 'data'), MANGNON_KEYS_DIR: join(folder, 'keys') };
  const config = readConfig({ PORT: '0', ...directories, ...environment });
  standalone = await runStandalone(config, { onNote: () => undefined, onTrouble: () => undefined });
}

/** Answers to more requests than one address may send in a minute, each for another name and forwarded for another address. */
async function statusesOfMany(): Promise<ReadonlySet<number>> {
  const answers = Array.from({ length: 61 }, (_, index) =>
    fetch(`${standalone.url}/v1/resets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${String(index)}` },
      body: JSON.stringify({ login: `nobody-${String(index)}` }),
    }),
  );
  return new Set((await Promise.all(answers)).map(({ status }) => status));
}

async function cookieOfSignIn(): Promise<string> {
  const { headers } = await fetch(`${standalone.url}/sign-in`, { headers: { 'x-forwarded-proto': 'https' } });
  return headers.get('set-cookie') ?? '';
}

describe('what a proxy in front says', () => {
  it('is ignored by default: everybody behind it is one address, and cookies go by HTTP', async () => {
    await start({});
    expect(await statusesOfMany()).toEqual(new Set([202, 429]));
    expect(await cookieOfSignIn()).toMatch(/^mangnon_form=.*; SameSite=Lax$/);
  });

  it('is believed of a trusted one: each address is counted for itself, and cookies are secure', async () => {
    await start({ TRUSTED_PROXIES: '127.0.0.1' });
    expect(await statusesOfMany()).toEqual(new Set([202]));
    expect(await cookieOfSignIn()).toMatch(/^mangnon_form=.*; Secure$/);
  });
});
