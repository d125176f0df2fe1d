import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresFault } from './faults.js';

/** What one program of the server says from now on, in a log that is kept from run to run. */
export interface ServerLog {
  /** File descriptor for the program to write to; {@link close} it once the program has it. */
  readonly descriptor: number;
  close(): void;
  /** What was said since it was opened. */
  said(): string;
}

/** Opens the log for appending; it is its owner's alone to read. */
export function openServerLog(path: string): ServerLog {
  const descriptor = openSync(path, 'a', 0o600);
  const from = statSync(path).size;
  return {
    descriptor,
    close: () => {
      closeSync(descriptor);
    },
    said: () => readFileSync(path).subarray(from).toString('utf8'),
  };
}

/** Whether the server only found that somebody else took its port in the meantime. */
export function lostItsPort(said: string): boolean {
  return said.includes('could not bind');
}

/** Why the server of a directory did not come up, from what it said. */
export function faultOf(said: string, directory: string, logFile: string): EmbeddedPostgresFault {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new EmbeddedPostgresFault('disk-full', dirname(directory));
  }
  if (/Permission denied|has wrong ownership/.test(said)) {
    return new EmbeddedPostgresFault('no-rights', dirname(directory));
  }
  const lines = said.trimEnd().split('\n');
  const telling = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
  return new EmbeddedPostgresFault('did-not-start', `${telling.trim()} (${logFile})`);
}
