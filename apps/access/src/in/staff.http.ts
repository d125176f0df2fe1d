import { roles, type Role } from '#kernel/roles.js';
import { IsChoice, IsDay, IsFlag, IsId, IsMail, IsPattern, IsText } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';

/** A fund's UUID, or `*` for every fund. */
const fundOrAll = /\*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Name and addresses of a person. */
export class StaffContactBody {
  @IsText({ max: 120 })
  readonly name!: string;

  @IsMail()
  readonly email!: string;

  @IsPattern(/\+?[0-9 ]{6,20}/, { optional: true })
  readonly phone?: string;
}

/** Registers a person of a fund. */
export class StaffBody extends StaffContactBody {
  @IsPattern(fundOrAll, { description: 'the fund whose administrators look after the person, or *' })
  readonly fundId!: string;

  @IsText({ min: 3, max: 64 })
  readonly login!: string;
}

/** Gives a role. */
export class GrantBody {
  @IsChoice(roles)
  readonly role!: Role;

  @IsPattern(fundOrAll, { description: 'a fund, or * for every fund' })
  readonly fundId!: string;

  @IsFlag({ optional: true, description: 'whether the funds under it are covered too' })
  readonly below?: boolean;

  @IsDay({ description: 'first day on which it holds' })
  readonly from!: string;

  @IsDay({ optional: true, description: 'last day on which it holds; open when absent' })
  readonly until?: string;
}

/** Opens a further login name. */
export class AccountBody {
  @IsText({ min: 3, max: 64 })
  readonly login!: string;
}

/** Which staff to list. */
export class StaffListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsChoice(['active', 'suspended', 'withdrawn'], { optional: true })
  readonly status?: string;
}
