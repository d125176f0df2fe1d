import { createHash, timingSafeEqual } from 'node:crypto';

/** Token of {@link BounceAddresses}. */
export const BOUNCE_ADDRESSES = Symbol('BounceAddresses');

/** Makes and reads the addresses that returned mails come back to: `bounces+<receipt>.<mail>.<mac>@domain`. */
export interface BounceAddresses {
  /** Where the mail with this Message-ID returns to. */
  addressOf(messageId: string): string;
  /** The Message-ID that an address of ours stands for; undefined for any other address. */
  messageIdOf(address: string): string | undefined;
}

/** The receipt's number in a Message-ID of ours, which is `<number>.<sequence><letter>@<domain>`. */
export function numberIn(messageId: string): string {
  return messageId.slice(0, messageId.lastIndexOf('@')).replace(/\.\d+[A-Z]*$/, '');
}

const shape = /^bounces\+(.{1,40})\.([0-9a-f]{20})@(.+)$/i;

/**
 * Addresses under the domain of our Message-IDs. Nobody can make one up: its last part is a keyed hash of the Message-ID
 * (`keyedHash` is the vault's). Mail servers may change their case.
 */
export function bounceAddresses(domain: string, keyedHash: (text: string) => string): BounceAddresses {
  const macOf = (messageId: string): string =>
    createHash('sha256')
      .update(keyedHash(`bounce ${messageId}`))
      .digest('hex')
      .slice(0, 20);
  return {
    addressOf(messageId) {
      const local = messageId.slice(0, messageId.lastIndexOf('@'));
      return `bounces+${local.toLowerCase()}.${macOf(messageId)}@${domain}`;
    },
    messageIdOf(address) {
      const [, local, mac, at] = shape.exec(address) ?? [];
      if (local === undefined || mac === undefined || at?.toLowerCase() !== domain.toLowerCase())
        return undefined;
      // Numbers are written in capitals.
      const messageId = `${local.toUpperCase()}@${domain}`;
      return same(mac.toLowerCase(), macOf(messageId)) ? messageId : undefined;
    },
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
