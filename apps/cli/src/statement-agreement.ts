import type { Context } from './context.js';
import { CliFault } from './fault.js';
import type { Bilingual } from './language.js';
import { written } from './statement-preview.js';
import type { Preview, Seen, Sum } from './statements.http.js';

/** What is agreed to by options, so that nobody is asked. */
export interface AgreedBefore {
  readonly yes?: boolean;
  readonly openingEntry?: boolean;
  /** What of the preview was looked into, such as `account-new`. */
  readonly seen?: readonly string[];
}

/** What has to be looked into before a statement is confirmed, each by the name that `--seen` takes. */
export const doubtNames = ['account-new', 'same-file', 'entered-by-hand', 'closing-differs'] as const;

/**
 * What of a preview is agreed to: by questions, or by options where `--yes` asks none. Throws where somebody does not want
 * the statement recorded, or has not said that what is doubtful was seen.
 */
export async function agreed(context: Context, preview: Preview, options: AgreedBefore): Promise<Seen> {
  const openingEntry = await openingAgreed(context, preview, options);
  await assertSeen(context, preview, options);
  const wanted = { vi: 'Ghi vào sổ? [c/K] ', en: 'Record it? [y/N] ' };
  if (options.yes !== true && !(await isWanted(context, options, wanted)))
    throw new CliFault('refused', {
      vi: 'Chưa ghi gì: không ai xác nhận (dùng --yes để khỏi hỏi).',
      en: 'Nothing is recorded: nobody confirmed it (--yes asks no question).',
    });
  const { doubts, closingDifference } = preview;
  return { doubts, ...(openingEntry && { openingEntry }), ...(closingDifference && { closingDifference }) };
}

async function openingAgreed(
  context: Context,
  { openingDifference }: Preview,
  options: AgreedBefore,
): Promise<Sum | undefined> {
  if (BigInt(openingDifference.amount) <= 0n) return undefined;
  const sum = written(openingDifference, context.terminal.language);
  const question = {
    vi: `Sổ thiếu ${sum} so với số dư đầu kỳ. Ghi bút toán đầu kỳ? [c/K] `,
    en: `The books lack ${sum} of the opening balance. Post an opening entry? [y/N] `,
  };
  if (options.openingEntry ?? (await isWanted(context, options, question))) return openingDifference;
  throw new CliFault('refused', {
    vi: `Sổ thiếu ${sum} so với số dư đầu kỳ: hãy nhập sao kê trước đó, hoặc chạy lại với --opening-entry.`,
    en: `The books lack ${sum} of the opening balance: import what came before, or run again with --opening-entry.`,
  });
}

/** What is doubtful is told by the preview; here it is asked for, all at once. */
async function assertSeen(context: Context, preview: Preview, options: AgreedBefore): Promise<void> {
  const doubtful = [...preview.doubts, ...(preview.closingDifference ? ['closing-differs'] : [])];
  const unseen = doubtful.filter((doubt) => options.seen?.includes(doubt) !== true);
  if (unseen.length === 0) return;
  const question = {
    vi: 'Bạn đã xem những điều cần lưu ý trên và vẫn muốn tiếp tục? [c/K] ',
    en: 'Have you looked into what is doubtful above, and go on? [y/N] ',
  };
  if (await isWanted(context, options, question)) return;
  const names = unseen.join(' ');
  throw new CliFault('refused', {
    vi: `Chưa ghi gì: hãy xem những điều cần lưu ý, rồi chạy lại với --seen ${names}.`,
    en: `Nothing is recorded: look into what is doubtful, then run again with --seen ${names}.`,
  });
}

async function isWanted(
  { ask, terminal }: Context,
  { yes }: AgreedBefore,
  question: Bilingual,
): Promise<boolean> {
  if (yes === true) return false;
  return /^[cy]/i.test((await ask(question[terminal.language])) ?? '');
}
