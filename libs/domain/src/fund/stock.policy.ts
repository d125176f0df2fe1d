import { InvariantViolation } from '#kernel/refusal.js';

const shape = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,3}))?$/;

/** A quantity as an exact count of thousandths; throws `InvariantViolation` when the text is none. */
export function thousandths(quantity: string): bigint {
  const match = shape.exec(quantity);
  if (!match) throw new InvariantViolation(`not a quantity: ${quantity}`);
  const [, sign, whole = '', fraction = ''] = match;
  const count = BigInt(whole + fraction.padEnd(3, '0'));
  return sign === '-' ? -count : count;
}

/** The shortest text of a count of thousandths; the reverse of {@link thousandths}. */
export function quantityText(count: bigint): string {
  const digits = (count < 0n ? -count : count).toString().padStart(4, '0');
  const fraction = digits.slice(-3).replace(/0+$/, '');
  const text = digits.slice(0, -3) + (fraction === '' ? '' : `.${fraction}`);
  return count < 0n ? `-${text}` : text;
}
