import type { Language } from '#platform/http/language.js';
import { html, type Html } from './html.js';
import { pageTexts } from './page-texts.js';

/** What a page shows. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** For whoever is signed in: the form to sign out. */
  readonly signOut?: Html;
}

/** The whole document; `path` is where the link to the other language leads back to. */
export function layout(page: Page, language: Language, path: string): string {
  const texts = pageTexts[language];
  const other = language === 'vi' ? 'en' : 'vi';
  const switchTo = `/language/${other}?back=${encodeURIComponent(path)}`;
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} – ${texts.brand}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/pages.css" />
      </head>
      <body>
        <a class="skip" href="#main">${texts.skip}</a>
        <header>
          <p class="brand"><a href="/">${texts.brand}</a> <span>${texts.motto}</span></p>
          <nav>
            <a href="${switchTo}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a>
            ${page.signOut}
          </nav>
        </header>
        <main id="main">
          <h1>${page.title}</h1>
          ${page.body}
        </main>
      </body>
    </html> `;
  return document.text;
}
