import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, relative, resolve } from 'node:path';
import { z } from 'zod';
import { armedByFile, parseFailPoint, type Arming, type FailPoint } from './fail-points.js';

/** What the environment gives: an empty variable counts as absent. */
export function givenIn(environment: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** What is wrong with the variables, a sentence each; nothing without an error. */
export function faultsOf(error: z.ZodError | undefined): readonly string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
}

/** A folder, made absolute from where the process was started. */
export const folder = z
  .string()
  .min(1, 'is empty')
  .transform((path) => resolve(path));
/** A port; 0 takes any free one. */
export const wholePort = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a number from 0 to 65535')
  .transform((text) => Number.parseInt(text, 10))
  .refine((port) => port <= 65_535, 'is not a number from 0 to 65535');

/** A number of seconds from 1 to 99999. */
export const seconds = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'is not a number of seconds from 1 to 99999')
  .transform((text) => Number.parseInt(text, 10));

/** How long a process may answer on after it was told to stop: longer is a process that nobody gets rid of. */
export const drainSeconds = seconds.refine((count) => count <= 300, 'is more than 300 seconds');

/** Addresses and networks (CIDR) with commas between. */
export const proxies = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .superRefine((parts, check) => {
    for (const part of parts.filter((each) => !isAddressOrNetwork(each)))
      check.addIssue(`holds "${part}", which is no address or network such as 127.0.0.1 or 10.0.0.0/8`);
  });

/** A network of every address is none: whoever asks could then name himself as he likes. */
function isAddressOrNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (length === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(length) && Number.parseInt(length, 10) <= (version === 4 ? 32 : 128);
}

/** A secret that is kept in a file: what stands there, without the end of its line. */
export const secretFile = z.string().transform((path, check) => {
  try {
    const secret = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    check.addIssue(`names the file ${path}, which is empty`);
  } catch {
    check.addIssue(`names the file ${path}, which cannot be read`);
  }
  return z.NEVER;
});

/** The address of a database with this password of its user, instead of the one in it; the address itself without one. */
export function withPassword(address: string, password: string | undefined): string {
  if (password === undefined) return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Where a process is to die, for tests alone: a place by name, or the file that names it. */
export const failPoint = z.string().transform((text, check): FailPoint | Arming => {
  const parsed = isAbsolute(text) ? armedByFile(text) : parseFailPoint(text);
  if (parsed) return parsed;
  check.addIssue('names no fail-point; see docs/explanation/faults.md');
  return z.NEVER;
});

/** Whether a folder lies inside another, or is the same. */
export function lies(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return !way.startsWith('..') && !isAbsolute(way);
}
