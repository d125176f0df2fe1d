import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#apps/cli/src/run.js';
import { TokenFile } from '#apps/cli/src/token-file.js';
import type { FundAtWork } from './fund-at-work.js';

/** What a command said and ended with. */
export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `mangnon` as the administrator who has logged in to the journey's server. */
export async function mangnonAs({ people, url, clock }: FundAtWork, ...argv: string[]): Promise<Said> {
  const folder = await mkdtemp(join(tmpdir(), 'mangnon-config-'));
  const environment = { XDG_CONFIG_HOME: folder };
  const expiresAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
  const { tokenId, secret } = await people.administrator.api.post<{
    readonly tokenId: string;
    readonly secret: string;
  }>('/v1/tokens', { label: 'mangnon', expiresAt });
  let out = '';
  let err = '';
  try {
    await new TokenFile(environment).keep({ server: url, tokenId, secret, expiresAt });
    const exit = await runCli(argv, {
      streams: { out: (text) => void (out += text), err: (text) => void (err += text), isScreen: false },
      environment,
      pour: () => Promise.reject(new Error('nothing is poured')),
      ask: () => Promise.resolve(undefined),
      readInput: () => Promise.resolve(''),
    });
    return { exit, out, err };
  } finally {
    await rm(folder, { recursive: true });
  }
}
