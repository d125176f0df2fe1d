import { IntersectionType } from '@nestjs/swagger';
import { IsChoice, IsFlag, IsId, IsMail, IsPattern, IsText } from '#platform/http/fields.js';
import { PageQuery } from '#platform/http/paging.http.js';
import { Transform } from 'class-transformer';

/** Classes of donors, as registers are kept. */
export const donorClasses = ['agency', 'unit', 'business', 'individual'] as const;

/** Who a donor is; everything but class and place goes to the vault alone. */
export class DonorDetailsBody {
  @IsChoice(donorClasses)
  readonly class!: (typeof donorClasses)[number];

  @IsFlag({ description: 'whether the donor is at home in the province of the fund' })
  readonly inProvince!: boolean;

  @IsText({ description: 'the name as it stands on receipts' })
  readonly name!: string;

  @IsFlag({
    optional: true,
    description: 'a business that trades under a person’s name, which is then kept as personal data',
  })
  readonly soleTrader?: boolean;

  @IsText({ optional: true, max: 300, description: 'the address as it stands on receipts' })
  readonly address?: string;
}

/** Where a donor's mail goes. */
export class ContactBody {
  @IsMail({ optional: true, description: 'where receipts are sent; none is sent without it' })
  readonly email?: string;

  @IsPattern(/\+?[0-9][0-9 .-]{5,19}/, { optional: true })
  readonly phone?: string;

  @IsText({ optional: true, description: 'who answers for an organisation' })
  readonly contactPerson?: string;
}

/** A donor who is not registered yet. */
export class NewDonorBody extends IntersectionType(DonorDetailsBody, ContactBody) {}

/** Registers a donor in a fund. */
export class RegisterDonorBody extends NewDonorBody {
  @IsId()
  readonly fundId!: string;
}

/** Words of a name, sent in a body because a name never stands in an address. */
export class NameSearchBody {
  @IsId()
  readonly fundId!: string;

  @IsText({ max: 100, description: 'words of the name or their beginnings, with or without accents' })
  readonly words!: string;
}

/** A query parameter is a text: `true` and `false` are meant as such, anything else is left to be refused. */
export const FlagOfQuery = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** Which donors to list. */
export class DonorListQuery extends PageQuery {
  @IsId({ optional: true })
  readonly fundId?: string;

  @IsChoice(donorClasses, { optional: true })
  readonly class?: string;

  @FlagOfQuery()
  @IsFlag({ optional: true })
  readonly inProvince?: boolean;

  @IsChoice(['registered', 'erased'], { optional: true })
  readonly status?: string;
}
