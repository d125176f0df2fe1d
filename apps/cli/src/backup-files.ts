import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { vaultTables } from '#platform/archive/vault-rows.js';
import { linesOfFile } from './export-file.js';
import { CliFault } from './fault.js';

/** The events of a backup. */
export const eventsFile = 'events.jsonl.gz';
/** What a backup holds; written last, so that one without it is not whole. */
export const manifestFile = 'manifest.json';

const position = z.object({ incarnation: z.int(), number: z.int() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const manifest = z.object({
  format: z.literal('mangnon.backup'),
  /** 1 was made before the vault kept `books`. */
  version: z.union([z.literal(1), z.literal(2)]),
  takenAt: z.iso.datetime(),
  events: z.object({ count: z.int(), lastPosition: position.nullable(), sha256 }),
  /** Tables of the vault as they stand, sealed: without the keys nobody reads them. */
  vault: z.array(z.object({ table: z.string(), rows: z.int(), sha256 })),
  /** Where consumers and read models stood; a restore does not need them. */
  checkpoints: z.array(z.object({ consumer: z.string(), position, eventId: z.string() })),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifest>;

/** The file of a table of the vault. */
export function vaultFile(directory: string, table: string): string {
  return join(directory, `vault.${table}.jsonl.gz`);
}

/** What a backup says of itself. Throws {@link CliFault} where there is none or it is of another version. */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, manifestFile);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const parsed = manifest.safeParse(text === undefined ? undefined : jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new CliFault('differs', {
    vi: `${directory} không phải bản sao lưu nguyên vẹn: thiếu hoặc hỏng ${manifestFile}.`,
    en: `${directory} is no whole backup: ${manifestFile} is missing or damaged.`,
  });
}

/** Count and SHA-256 of lines, each with its end. */
interface Counted {
  readonly rows: number;
  readonly sha256: string;
}

/** Lines with a count and a SHA-256 over them, each with its end; told when the last was taken. */
export async function* counted(
  pages: AsyncIterable<readonly string[]>,
  onEnd: (told: Counted) => void,
): AsyncIterable<string> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const lines of pages) {
    if (lines.length === 0) continue;
    const text = lines.map((line) => `${line}\n`).join('');
    hash.update(text);
    rows += lines.length;
    yield text;
  }
  onEnd({ rows, sha256: hash.digest('hex') });
}

/** Holds every table of the vault against the manifest. Throws {@link CliFault} for the first that is not what it was. */
export async function verifyVault(directory: string, told: Manifest): Promise<void> {
  for (const table of vaultTables) for await (const _lines of vaultRows(directory, told, table)) continue;
}

/**
 * The sealed rows of a table of the vault. Throws {@link CliFault} at the end where they are not what the manifest tells
 * of, so what came before counts only then.
 */
export async function* vaultRows(
  directory: string,
  { vault, version }: Manifest,
  table: string,
): AsyncIterable<readonly string[]> {
  const path = vaultFile(directory, table);
  const wanted = vault.find((one) => one.table === table);
  if (!wanted && isOlder(version, table)) return;
  const hash = createHash('sha256');
  let rows = 0;
  for await (const lines of wanted ? linesOfFile(path) : []) {
    rows += lines.length;
    hash.update(lines.map((line) => `${line}\n`).join(''));
    yield lines;
  }
  if (wanted?.rows === rows && wanted.sha256 === hash.digest('hex')) return;
  throw new CliFault('differs', {
    vi: `${path} không còn như lúc sao lưu.`,
    en: `${path} is not what it was when the backup was made.`,
  });
}

/** Whether a backup of this version was made before the vault had the table. */
function isOlder(version: number, table: string): boolean {
  return version === 1 && table.startsWith('books.');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
