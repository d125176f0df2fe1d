/** The languages that answers and pages are written in. */
export type Language = 'vi' | 'en';

/** The better liked of Vietnamese and English in an Accept-Language header (RFC 9110); Vietnamese when in doubt. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'vi';
  const quality = { vi: 0, en: 0 };
  for (const range of acceptLanguage.slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const language = tag.split('-')[0];
    if (language !== 'vi' && language !== 'en') continue;
    quality[language] = Math.max(quality[language], qualityOf(parameters));
  }
  return quality.en > quality.vi ? 'en' : 'vi';
}

function qualityOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (q === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number.parseFloat(q) : 0;
}
