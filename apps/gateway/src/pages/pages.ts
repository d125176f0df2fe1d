import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDomainRefusal } from '#kernel/refusal.js';
import { languageOf, type Language } from '#platform/http/language.js';
import { secretOf, type Signer } from '#platform/keys/key-pairs.js';
import { SIGNER } from '#platform/tokens.js';
import { languageCookie, readCookie, sessionCookie } from '../cookies.js';
import { FormTokens } from '../csrf.js';
import { formHtml, type FormView } from './forms.js';
import { layout, type Page } from './layout.js';
import { pageFaults, type PageFault } from './page-faults.js';
import { pageTexts, type PageTexts } from './page-texts.js';

/** A request and its answer, handed on together. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

// No script, nothing from elsewhere, and no page of ours in a frame.
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Sends pages in the reader's language, and forms with their tokens. */
@Injectable()
export class Pages {
  readonly tokens: FormTokens;

  constructor(@Inject(SIGNER) signer: Signer) {
    this.tokens = new FormTokens(secretOf(signer, 'form tokens'));
  }

  /** The language chosen on a page, else the browser's. */
  languageOf(request: FastifyRequest): Language {
    const chosen = readCookie(request, languageCookie);
    return chosen === 'vi' || chosen === 'en' ? chosen : languageOf(request.headers['accept-language']);
  }

  textsFor(request: FastifyRequest): PageTexts {
    return pageTexts[this.languageOf(request)];
  }

  /** Sends a page; whoever has a session finds the form to sign out on it. */
  show({ request, reply }: Exchange, page: Page): void {
    const language = this.languageOf(request);
    const signOut =
      readCookie(request, sessionCookie) === undefined
        ? {}
        : { signOut: formHtml(signOutForm(pageTexts[language]), this.tokens.issue(request, reply)) };
    void reply
      .status(page.status ?? 200)
      .header('Content-Security-Policy', contentSecurityPolicy)
      .header('Content-Language', language)
      .type('text/html; charset=utf-8')
      .send(layout({ ...signOut, ...page }, language, request.method === 'GET' ? request.url : '/'));
  }

  /** Sends a page with one form. */
  form(exchange: Exchange, form: FormView, fault?: string, status?: number): void {
    const body = formHtml(form, this.tokens.issue(exchange.request, exchange.reply), fault);
    this.show(exchange, { title: form.title, body, ...(status === undefined ? {} : { status }) });
  }

  /** Carries out what a form asked for and goes where `act` says; what is refused is told above the form. */
  async submit(exchange: Exchange, form: FormView, act: () => Promise<string>): Promise<void> {
    let path: string;
    try {
      path = await act();
    } catch (error) {
      if (!isDomainRefusal(error) || !isPageFault(error.code)) throw error;
      const answer = pageFaults[error.code];
      this.form(exchange, form, answer[this.languageOf(exchange.request)], answer.status);
      return;
    }
    await exchange.reply.redirect(path, 303);
  }
}

function isPageFault(code: string): code is PageFault {
  return Object.hasOwn(pageFaults, code);
}

function signOutForm(texts: PageTexts): FormView {
  return { title: texts.signOut, action: '/sign-out', submit: texts.signOut, inputs: [] };
}
