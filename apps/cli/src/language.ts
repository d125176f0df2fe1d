/** The languages that the command line speaks. */
export type Language = 'vi' | 'en';

/** A sentence in both languages. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/** The language of `--lang`, else of the locale; English where neither says Vietnamese. */
export function chooseLanguage(argv: readonly string[], locale: string | undefined): Language {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const given = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  if (given === 'vi' || given === 'en') return given;
  return /^vi/i.test(locale ?? '') ? 'vi' : 'en';
}
