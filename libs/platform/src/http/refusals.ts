/** How one refusal is told over HTTP: its status (RFC 9110) and one sentence in each language that says how to mend it. */
export interface RefusalAnswer {
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 409 | 410 | 413 | 415 | 422 | 423 | 429 | 500 | 503;
  readonly vi: string;
  readonly en: string;
}

/** Answers for every refusal code of an aggregate or a service: exhaustive, so a code without an answer does not compile. */
export type RefusalAnswers<Code extends string> = { readonly [C in Code]: RefusalAnswer };
