import { figure } from './figures.js';
import type { Bilingual, Language } from './language.js';
import type { Preview, Sum, Uploaded } from './statements.http.js';

/** Most flawed lines that are printed. */
const breaksToldMax = 20;

/** The preview of a statement as lines to read: what it adds up to, its flaws by line, and what would be recorded. */
export function previewLines(
  { preview, profile, statementId }: Uploaded,
  language: Language,
): readonly string[] {
  const say = (text: Bilingual): string => text[language];
  const count = (number: number): string => figure(number, language);
  const { rows, firstOn, lastOn, willRecord, known } = preview;
  return [
    say({
      vi: `Sao kê ${count(rows)} dòng, ${firstOn} đến ${lastOn} (mẫu ${profile}; mã ${statementId})`,
      en: `Statement of ${count(rows)} rows, ${firstOn} to ${lastOn} (profile ${profile}; id ${statementId})`,
    }),
    ...totals(preview, language),
    ...flaws(preview, language),
    say({
      vi: `Sẽ ghi: ${count(willRecord.donations)} khoản ủng hộ, ${count(willRecord.debits)} khoản tiền ra chờ phân loại, ${count(willRecord.unexplained)} khoản không rõ nguồn chờ quyết định`,
      en: `To be recorded: ${count(willRecord.donations)} donations, ${count(willRecord.debits)} debits to classify, ${count(willRecord.unexplained)} unexplained sums to decide on`,
    }),
    ...(known === 0
      ? []
      : [say({ vi: `Đã có trên sổ: ${count(known)}`, en: `In the books already: ${count(known)}` })]),
    ...campaigns(preview, language),
    ...doubtful(preview, language),
  ];
}

/** What is to be looked into before it is recorded, each with the name that `--seen` takes. */
function doubtful(preview: Preview, language: Language): readonly string[] {
  const { closingDifference, doubts, entered, otherHalves, sameFile } = preview;
  const lines: readonly (Bilingual | undefined)[] = [
    otherHalves && halvesText(otherHalves.count),
    doubts.includes('account-new')
      ? {
          vi: 'Lưu ý (account-new): sổ chưa biết tài khoản này; có gõ nhầm không?',
          en: 'Doubtful (account-new): the books do not know this account; is it misspelt?',
        }
      : undefined,
    doubts.includes('same-file') ? sameFileText(sameFile?.account) : undefined,
    closingDifference && closingText(written(closingDifference, language)),
    entered && enteredText(entered.count),
  ];
  return [...lines.flatMap((line) => (line ? [line[language]] : [])), ...named(entered, language)];
}

function named(entered: Preview['entered'], language: Language): readonly string[] {
  return (entered?.first ?? []).map(({ line, donationId, receivedOn, amount }) => {
    const [at, sum] = [figure(line, language), written(amount, language)];
    return {
      vi: `  dòng ${at}: ${sum}, khoản ${donationId} ngày ${receivedOn}`,
      en: `  line ${at}: ${sum}, donation ${donationId} of ${receivedOn}`,
    }[language];
  });
}

function halvesText(count: number): Bilingual {
  return {
    vi: `Sổ đã có tiền của ${String(count)} dòng (tiền chuyển giữa các tài khoản, hoàn trả, chứng từ ghi sổ): chờ đối chiếu với bút toán đó`,
    en: `In the books already by own transfers, refunds or journals: ${String(count)} rows, to be claimed as that entry`,
  };
}

function sameFileText(account: string | undefined): Bilingual {
  const where =
    account === undefined ? { vi: 'ở quỹ khác', en: 'in another fund' } : { vi: account, en: account };
  return {
    vi: `Lưu ý (same-file): sao kê có đúng các dòng này đã được gửi cho tài khoản khác: ${where.vi}`,
    en: `Doubtful (same-file): a statement with these very rows was sent for another account: ${where.en}`,
  };
}

function closingText(sum: string): Bilingual {
  return {
    vi: `Lưu ý (closing-differs): sau khi ghi, sổ sẽ khác số dư cuối kỳ ${sum}`,
    en: `Doubtful (closing-differs): once recorded, the books will differ from the closing balance by ${sum}`,
  };
}

function enteredText(count: number): Bilingual {
  return {
    vi: `Lưu ý (entered-by-hand): ${String(count)} khoản ủng hộ nhập tay có thể là tiền của chính các dòng này:`,
    en: `Doubtful (entered-by-hand): ${String(count)} donations entered by hand may be the money of rows:`,
  };
}

function totals(preview: Preview, language: Language): readonly string[] {
  const { opening, credits, debits, closing, breaks, bookBalance, openingDifference } = preview;
  const unexplained = breaks.reduce((sum, { difference }) => sum + BigInt(difference.amount), 0n);
  const lines: readonly (readonly [Bilingual, Sum])[] = [
    [{ vi: '  Số dư đầu kỳ', en: '  Opening balance' }, opening],
    [{ vi: '+ Ghi có', en: '+ Credits' }, credits],
    [{ vi: '− Ghi nợ', en: '− Debits' }, debits],
    [
      { vi: '+ Không rõ nguồn', en: '+ Unexplained' },
      { ...opening, amount: unexplained.toString() },
    ],
    [{ vi: '= Số dư cuối kỳ', en: '= Closing balance' }, closing],
    [{ vi: '  Số dư trên sổ trước dòng đầu', en: '  Books before the first row' }, bookBalance],
    [{ vi: '  Chênh lệch đầu kỳ', en: '  Opening difference' }, openingDifference],
  ];
  const width = Math.max(...lines.map(([name]) => name[language].length));
  const sums = lines.map(([, sum]) => written(sum, language));
  const wide = Math.max(...sums.map((sum) => sum.length));
  return lines.map(
    ([name], index) => `  ${name[language].padEnd(width)}  ${(sums[index] ?? '').padStart(wide)}`,
  );
}

function flaws({ breaks }: Preview, language: Language): readonly string[] {
  if (breaks.length === 0) return [];
  const told = breaks.slice(0, breaksToldMax).map(({ line, date, expected, found, difference }) => {
    const [at, sum, was] = [figure(line, language), written(difference, language), written(found, language)];
    return {
      vi: `  dòng ${at} (${date}): số dư ${was}, lẽ ra ${written(expected, language)}; ${sum} không rõ nguồn`,
      en: `  line ${at} (${date}): balance ${was}, expected ${written(expected, language)}; ${sum} unexplained`,
    }[language];
  });
  const head = { vi: 'Số dư không nối tiếp ở:', en: 'Balances that do not follow from the one before:' };
  const more = breaks.length - told.length;
  return [
    head[language],
    ...told,
    ...(more === 0
      ? []
      : [{ vi: `  … và ${String(more)} dòng nữa`, en: `  … and ${String(more)} more` }[language]]),
  ];
}

function campaigns({ campaigns: named, misdirected }: Preview, language: Language): readonly string[] {
  const lines = named.map(({ code, donations, amount }) => {
    const [count, sum] = [figure(donations, language), written(amount, language)];
    return { vi: `  ${code}: ${count} khoản, ${sum}`, en: `  ${code}: ${count} donations, ${sum}` }[language];
  });
  const odd = figure(misdirected, language);
  return [
    ...(lines.length === 0
      ? []
      : [{ vi: 'Theo mã đợt vận động:', en: 'By campaign code:' }[language], ...lines]),
    ...(misdirected === 0
      ? []
      : [
          {
            vi: `Chờ xử lý: ${odd} khoản ghi mã đợt vận động không nhận tiền lúc đó hoặc qua tài khoản này`,
            en: `To suspense: ${odd} donations name a campaign that did not receive then, or not by this account`,
          }[language],
        ]),
  ];
}

/** A sum as readers of the language write it; VND has no minor unit. */
export function written({ amount, currency }: Sum, language: Language): string {
  const digits = currency === 'USD' || currency === 'EUR' ? 2 : 0;
  const minor = BigInt(amount);
  const [sign, size] = minor < 0n ? ['-', -minor] : ['', minor];
  const unit = 10n ** BigInt(digits);
  const whole = figure(size / unit, language);
  const rest = digits === 0 ? '' : `.${(size % unit).toString().padStart(digits, '0')}`;
  return `${sign}${whole}${rest} ${currency}`;
}
