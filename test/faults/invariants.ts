import type { RecordedEvent } from '#kernel/domain-event.js';
import { failPointNames } from '#platform/fail-points.js';
import type { StubbornClient } from './stubborn-client.js';
import type { SmtpPeer } from '#testing/smtp-peer.js';
import type { Mortal } from './mortal.js';
import { receipts } from './unfinished.js';

/** Something that must hold after a fault, how much of it was looked at, and where it is broken. */
export interface Invariant {
  readonly rule: string;
  readonly count: number;
  readonly broken: readonly string[];
}

/** Where a fault has struck. */
export interface Scene {
  readonly client: StubbornClient;
  /** Undefined where mails go elsewhere. */
  readonly peer: SmtpPeer | undefined;
  /** `mangnon replay`; rejects with what it says where something differs. */
  replay(): Promise<string>;
  /** What must hold of this way to run alone. */
  further(): Promise<readonly Invariant[]>;
}

/** Looks at every invariant where nothing is on its way any more. */
export async function invariantsOf(
  scene: Scene,
  events: readonly RecordedEvent[],
): Promise<readonly Invariant[]> {
  return [
    ...(await replayed(scene)),
    acknowledgedOnce(scene, events),
    walkedOnce(events),
    await repeatedAlike(scene),
    await refusedOtherwise(scene),
    ...(scene.peer ? [mailedAlike(scene.peer, events)] : []),
    ...(await scene.further()),
  ];
}

/** As text, a line each; those that are broken tell where. */
export function tableOf(invariants: readonly Invariant[]): string {
  return invariants
    .flatMap(({ rule, count, broken }) => [
      `  ${broken.length === 0 ? '✓' : '✗'} ${String(count).padStart(6)}  ${rule}`,
      ...broken.map((finding) => `             ${finding}`),
    ])
    .join('\n');
}

/** Every rule of the log with its count, every table with its rows. */
async function replayed(scene: Scene): Promise<readonly Invariant[]> {
  const told = await scene.replay().then(
    (output) => ({ output, broken: [] }),
    (error: unknown) => ({ output: '', broken: [String(error)] }),
  );
  const rule = /^✓ (.+) \(([\d,]+)\)$/gm;
  const table = /^✓ ([\w.-]+): ([\d,]+) rows equal/gm;
  const rows = [...told.output.matchAll(table)].map(([, , count = '0']) => numberOf(count));
  const rules = [...told.output.matchAll(rule)].map(([, name = '', count = '0']) => ({
    ...{ rule: name, count: numberOf(count), broken: [] },
  }));
  return [
    ...rules,
    {
      rule: `Replay: ${String(rows.length)} live tables are what the events give, row by row`,
      count: rows.reduce((sum, count) => sum + count, 0),
      broken:
        rules.length === 0 || rows.length === 0 ? [...told.broken, 'nothing was compared'] : told.broken,
    },
  ];
}

function numberOf(figure: string): number {
  return Number(figure.replaceAll(',', ''));
}

function acknowledgedOnce({ client }: Scene, events: readonly RecordedEvent[]): Invariant {
  const broken = client.acknowledged.flatMap(({ asked: { route, key }, commandId }) => {
    const standing = events.filter((event) => event.commandId === commandId && !isForerunner(event));
    return standing.length === 1 ? [] : [`${route} ${key} stands ${String(standing.length)} times`];
  });
  return { rule: 'Nothing lost: each acknowledged key stands in one event', ...counted(client, broken) };
}

/** A donation with a new donor registers the donor first, under the same command. */
function isForerunner({ type }: RecordedEvent): boolean {
  return type === 'DonorRegistered' || type === 'IdentityNeeded';
}

function walkedOnce(events: readonly RecordedEvent[]): Invariant {
  const of = (type: string): number => events.filter((event) => event.type === type).length;
  const first = receipts(events).filter(({ data }) => !data.reissue).length;
  const counts = [of('DonationRecorded'), of('DonationPosted'), first];
  return {
    rule: 'Walked once: donations = entries = first receipt numbers',
    count: counts[0] ?? 0,
    broken: new Set(counts).size === 1 ? [] : [counts.join(', ')],
  };
}

async function repeatedAlike({ client }: Scene): Promise<Invariant> {
  const broken = await client.otherwiseAnswered();
  return { rule: 'Nothing doubled: the same key and body get the same answer', ...counted(client, broken) };
}

async function refusedOtherwise({ client }: Scene): Promise<Invariant> {
  const donations = client.acknowledged.filter(({ asked }) => asked.route === '/v1/donations');
  const answers = await Promise.all(donations.map((one) => client.withAnotherBody(one)));
  return {
    rule: 'Nothing doubled: the same key with another body is refused',
    count: donations.length,
    broken: answers.filter((answer) => !/^422 .*"idempotency\/body-differs"/.test(answer)),
  };
}

/** Mails that came twice are equal to the byte; each mail that we say was sent came, and no other. */
function mailedAlike(peer: SmtpPeer, events: readonly RecordedEvent[]): Invariant {
  const sent = new Set(
    events.flatMap(({ type, data }) =>
      type === 'ReceiptSent' ? [(data as { readonly messageId: string }).messageId] : [],
    ),
  );
  const came = new Map<string, Buffer>();
  const broken: string[] = [];
  for (const { bytes } of peer.mails) {
    const messageId = messageIdOf(bytes);
    if (!sent.has(messageId)) broken.push(`${messageId} came and is not recorded as sent`);
    if (!(came.get(messageId) ?? bytes).equals(bytes)) broken.push(`${messageId} came again otherwise`);
    came.set(messageId, bytes);
  }
  const missing = [...sent].filter((messageId) => !came.has(messageId));
  const again = peer.mails.length - came.size;
  return {
    rule: `Mails: each that is recorded as sent came, ${String(again)} of them again, byte for byte the same`,
    count: peer.mails.length,
    broken: [...broken, ...missing.map((messageId) => `${messageId} never came`)],
  };
}

/** A group of consumers that is new, or a topic that is new to one, has fail-points of its own. */
export async function everyPlaceNamed(life: Pick<Mortal, 'query'>): Promise<Invariant> {
  const groups = await life.query<{ readonly name: string }>(
    `SELECT split_part(split_part(consumer, ':', 3), '.', 2) || '-to-' || split_part(consumer, ':', 2) AS name
     FROM platform.checkpoints`,
  );
  const known = new Set<string>(failPointNames);
  return {
    rule: 'Fail-points: every group of consumers has its own for each topic',
    count: groups.length,
    broken: groups.flatMap(({ name }) => (known.has(`checkpoint-moved-${name}:after`) ? [] : [name])),
  };
}

function counted(
  { acknowledged }: StubbornClient,
  broken: readonly string[],
): Pick<Invariant, 'count' | 'broken'> {
  return { count: acknowledged.length, broken };
}

/** The Message-ID of a mail as it came over the wire, without angle brackets; empty where it has none. */
export function messageIdOf(bytes: Buffer): string {
  return /^Message-ID: <([^>\r\n]+)>/im.exec(bytes.toString('latin1'))?.[1] ?? '';
}
