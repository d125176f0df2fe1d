/** What became of one attempt to hand a mail to the mail server; `status` is a code of RFC 3463. */
export type SmtpAnswer =
  | { readonly kind: 'taken' }
  /** The server refused the mail or its receiver for good. */
  | { readonly kind: 'refused'; readonly status: string }
  /** Not now, or nobody knows: to be tried again. */
  | { readonly kind: 'later'; readonly status: string };

/**
 * Reads nodemailer's error. Refused for good is only what the server said of this receiver or this mail: a wrong password,
 * a sender that it does not want or a broken connection is our trouble, mended without the donor.
 */
export function smtpAnswerOf(error: unknown): SmtpAnswer {
  const { code, command, response = '', responseCode } = partsOf(error);
  // Without a reply nothing was sent: the address cannot be written in an envelope, or nobody was reached.
  if (responseCode === undefined)
    return code === 'EENVELOPE' ? { kind: 'refused', status: '5.1.3' } : { kind: 'later', status: '4.4.1' };
  return isRefusal(responseCode) && aboutTheMail.has(command)
    ? { kind: 'refused', status: enhanced(response, '5') ?? '5.0.0' }
    : { kind: 'later', status: enhanced(response, '4') ?? '4.3.0' };
}

const aboutTheMail: ReadonlySet<string | undefined> = new Set(['RCPT TO', 'DATA']);

/** 503 only says that the session was confused. */
function isRefusal(responseCode: number): boolean {
  return responseCode >= 500 && responseCode !== 503;
}

interface ErrorParts {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

function partsOf(error: unknown): ErrorParts {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The enhanced status code of a reply such as `550 5.1.1 No such user`, if it has one of this class. */
function enhanced(response: string, statusClass: '4' | '5'): string | undefined {
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  return status?.startsWith(statusClass) ? status : undefined;
}
