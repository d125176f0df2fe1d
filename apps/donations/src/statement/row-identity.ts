import { canonicalJson } from '#kernel/json.js';
import type { BookedRow } from './statement-rows.js';

/** The account whose statement it is. */
export interface StatementAccount {
  readonly fundId: string;
  readonly account: string;
}

/** Which donation or bank item a row becomes. */
export interface RowIdentity {
  /** UUID of the row, for ever. */
  readonly rowId: string;
  /** UUID of what its balance says beyond its amount. */
  readonly unexplainedId: string;
  /** What both were as long as references were told apart by their zeros; undefined where that is the same. */
  readonly former?: Omit<RowIdentity, 'former'>;
}

/**
 * Tells rows of one account apart, whatever file they come in: by date, reference, amount, running balance, and by their
 * order where all of these are equal within one file. A reference that is a number counts as that number, since a workbook
 * keeps no zeros before or behind it. `keyedHash` is the vault's (hex, 256 bits): a plain hash of a reference could be
 * guessed. Ask for the rows in booking order, each once.
 */
export function rowIdentities(
  keyedHash: (text: string) => string,
  account: StatementAccount,
): (row: BookedRow) => RowIdentity {
  const [now, before] = [identitiesBy(keyedHash, account), identitiesBy(keyedHash, account)];
  return (row) => {
    const reference = numberedReference(row.reference);
    const identity = now({ ...row, reference });
    const former = before(row);
    return former.rowId === identity.rowId ? identity : withFormer(identity, former);
  };
}

function withFormer(identity: Omit<RowIdentity, 'former'>, former: Omit<RowIdentity, 'former'>): RowIdentity {
  const { rowId } = identity;
  return {
    rowId,
    get unexplainedId() {
      return identity.unexplainedId;
    },
    former,
  };
}

function identitiesBy(
  keyedHash: (text: string) => string,
  { fundId, account }: StatementAccount,
): (row: BookedRow) => Omit<RowIdentity, 'former'> {
  const seen = new Map<string, number>();
  return ({ date, reference, credit, debit, balance }) => {
    const amount = (credit - debit).toString();
    const told = [fundId, account, date, reference, amount, balance.toString()];
    const hash = keyedHash(canonicalJson(['statement row', ...told]));
    const ordinal = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, ordinal);
    const rowId = uuidOf(ordinal === 1 ? hash : keyedHash(canonicalJson(['same row again', hash, ordinal])));
    return {
      rowId,
      // Few rows need it.
      get unexplainedId() {
        return uuidOf(keyedHash(canonicalJson(['unexplained beside', rowId])));
      },
    };
  };
}

/** The digits of a number without the zeros that say nothing; any other text as it stands. */
export function numberedReference(reference: string): string {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(reference) ?? [];
  if (whole === '') return reference;
  const [integer, rest] = [whole.replace(/^0+(?=\d)/, ''), fraction.replace(/0+$/, '')];
  return rest === '' ? integer : `${integer}.${rest}`;
}

/** The first 128 bits as a UUID of version 8 (RFC 9562: made as its maker likes). */
function uuidOf(hash: string): string {
  const variant = '89ab'[parseInt(hash.charAt(16), 16) & 3] ?? '8';
  const hex = `${hash.slice(0, 12)}8${hash.slice(13, 16)}${variant}${hash.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
