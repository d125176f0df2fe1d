import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KnownIds } from './fuzzed-fund.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** What is fuzzed, and by whom. */
export interface Fuzzing {
  /** Where the API is; its description is at `/openapi.json`. */
  readonly url: string;
  readonly known: KnownIds;
  /** Sent as `Authorization: Bearer`; nothing when absent. */
  readonly token?: string;
  /** What schemathesis.toml does not say. */
  readonly flags?: readonly string[];
}

/** What the fuzzer said; its exit code is 0 when every answer was as described. */
export interface Fuzzed {
  readonly code: number | null;
  readonly said: string;
}

/** Runs schemathesis as schemathesis.toml says. */
export function fuzz(program: string, { url, known, token, flags = [] }: Fuzzing): Promise<Fuzzed> {
  const header = token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`];
  const env = {
    ...process.env,
    MANGNON_FUZZ_IDS: JSON.stringify(known),
    // Nothing is left among the sources.
    PYTHONDONTWRITEBYTECODE: '1',
    HYPOTHESIS_STORAGE_DIRECTORY: join(tmpdir(), 'mangnon-hypothesis'),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['run', `${url}/openapi.json`, ...header, ...flags], { cwd: folder, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        said += part.toString('utf8');
      });
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, said });
    });
  });
}
