import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Somebody } from '../faults/site.js';

const program = fileURLToPath(new URL('../../bin/mangnon.js', import.meta.url));

/** What `mangnon` said, and how long it took from its start to its end. */
export interface Ended {
  readonly output: string;
  readonly seconds: number;
  readonly code: number | null;
}

/** Runs `mangnon` as a process of its own, in English, logged in as somebody if it is to ask a server. */
export async function mangnon(argv: readonly string[], login?: Login): Promise<Ended> {
  const began = performance.now();
  const environment = { ...process.env, LC_ALL: 'C.UTF-8', ...(login && { XDG_CONFIG_HOME: login.home }) };
  const child = spawn(process.execPath, [program, ...argv], { env: environment });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, seconds: (performance.now() - began) / 1_000, output: Buffer.concat(said).toString('utf8') };
}

/** A folder with somebody's login, for as long as it is needed. */
export class Login {
  readonly home = mkdtempSync(join(tmpdir(), 'mangnon-bench-'));

  constructor(server: string, { secret }: Somebody) {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    mkdirSync(join(this.home, 'mangnon'));
    const token = JSON.stringify({ server, tokenId: 'bench', secret, expiresAt });
    writeFileSync(join(this.home, 'mangnon/token.json'), token, { mode: 0o600 });
  }

  forget(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
