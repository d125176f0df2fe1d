import { IsMail, IsPattern, IsText } from '#platform/http/fields.js';

const anyText = /[^\0]{1,400}/s;
const secret = /[A-Za-z0-9_-]{1,200}/;
/** A path of this site, fit for a header as it stands; never `//elsewhere`. */
const path = /\/(?!\/)[\x21-\x5b\x5d-\x7e]{0,500}/;

/** Whether a page may lead on to this path. */
export function isPath(text: string): boolean {
  return new RegExp(`^${path.source}$`).test(text);
}

/** What every form carries besides its fields. */
export class FormBody {
  @IsPattern(secret, { optional: true })
  readonly formToken?: string;
}

/** The form to sign in. */
export class SignInForm extends FormBody {
  @IsText({ max: 64 })
  readonly login!: string;

  @IsPattern(anyText)
  readonly password!: string;

  @IsPattern(path, { optional: true })
  readonly next?: string;
}

/** The form for a one-time code. */
export class CodeForm extends FormBody {
  @IsText({ max: 20 })
  readonly code!: string;

  @IsPattern(path, { optional: true })
  readonly next?: string;
}

/** The form of the first administrator. */
export class SetUpForm extends FormBody {
  @IsPattern(secret)
  readonly link!: string;

  @IsText({ max: 64 })
  readonly login!: string;

  @IsPattern(anyText)
  readonly password!: string;

  @IsText({ max: 120 })
  readonly name!: string;

  @IsMail()
  readonly email!: string;
}

/** The form to ask for a new password. */
export class ResetForm extends FormBody {
  @IsText({ max: 64 })
  readonly login!: string;
}

/** The form to choose a password. */
export class PasswordForm extends FormBody {
  @IsPattern(secret)
  readonly link!: string;

  @IsPattern(anyText)
  readonly password!: string;
}

/** Query of a page that leads on. */
export class NextQuery {
  @IsPattern(path, { optional: true })
  readonly next?: string;

  @IsPattern(/1/, { optional: true })
  readonly done?: string;
}

/** Query of the pages that a one-time link opens; absent once it is kept in a cookie. */
export class LinkQuery {
  @IsPattern(secret, { optional: true })
  readonly link?: string;
}

/** Query of the link to the other language. */
export class BackQuery {
  @IsPattern(path, { optional: true })
  readonly back?: string;
}

/** Query of the mailbox. */
export class InboxQuery {
  @IsPattern(/[A-Za-z0-9_.-]{1,1024}/, { optional: true })
  readonly cursor?: string;
}
