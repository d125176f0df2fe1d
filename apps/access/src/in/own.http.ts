import { roles, type Role } from '#kernel/roles.js';
import { IsChoices, IsId, IsInstant, IsMail, IsPattern, IsText } from '#platform/http/fields.js';

const code = /[0-9]{3} ?[0-9]{3}/;
/** Passwords are compared character by character: no trimming. */
const anyText = /[^\0]{1,400}/s;

/** Signs in; the code too where a second factor is set up. */
export class SignInBody {
  @IsText({ max: 64 })
  readonly login!: string;

  @IsPattern(anyText)
  readonly password!: string;

  @IsPattern(code, { optional: true })
  readonly code?: string;
}

/** A one-time code. */
export class CodeBody {
  @IsPattern(code)
  readonly code!: string;
}

/** Changes one's own password. */
export class PasswordChangeBody {
  @IsPattern(anyText)
  readonly present!: string;

  @IsPattern(anyText)
  readonly next!: string;
}

/** Asks for a link to choose a password. */
export class ResetRequestBody {
  @IsText({ max: 64 })
  readonly login!: string;
}

/** Chooses a password by a link. */
export class PasswordByLinkBody {
  @IsPattern(/[A-Za-z0-9_-]{1,200}/)
  readonly link!: string;

  @IsPattern(anyText)
  readonly password!: string;
}

/** Makes the first administrator. */
export class SetUpBody extends PasswordByLinkBody {
  @IsText({ min: 3, max: 64 })
  readonly login!: string;

  @IsText({ max: 120 })
  readonly name!: string;

  @IsMail()
  readonly email!: string;
}

/** Issues a token. */
export class TokenBody {
  @IsPattern(/[a-z0-9][a-z0-9.-]{0,39}/, { description: 'what it is for, such as `cli-laptop`; no names' })
  readonly label!: string;

  @IsChoices(roles, { optional: true, description: 'all roles of the owner when absent' })
  readonly roles?: readonly Role[];

  @IsId({ optional: true, description: 'all funds of the owner when absent' })
  readonly fundId?: string;

  @IsInstant({ description: 'within a year' })
  readonly expiresAt!: string;
}
