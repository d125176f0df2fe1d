/** Paths of POSTs that guess a password, a code or a link, or cost a hash: the door slows down who sends many of them. */
export const guessingPaths: ReadonlySet<string> = new Set([
  '/v1/sessions',
  '/v1/setup',
  '/v1/resets',
  '/v1/resets/password',
  '/v1/me/password',
  '/v1/me/second-factor/confirmation',
  '/sign-in',
  '/sign-in/code',
  '/second-factor/confirmation',
  '/setup',
  '/reset',
  '/password',
]);
