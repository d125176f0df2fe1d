import { z } from 'zod';
import { ConfigRefused } from '#platform/config-refused.js';
import { givenIn } from '#platform/settings.js';

const address = z.email('is not a mail address');
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a number from 0 to 65535')
  .transform((text) => Number.parseInt(text, 10))
  .refine((value) => value <= 65_535, 'is not a number from 0 to 65535');

const variables = z
  .object({
    /**
     * Mail server that receipts are sent by.
     * @default the local mailbox at `/inbox`
     * @example `smtps://user:password@mail.example:465`
     */
    SMTP_URL: z
      .url({ protocol: /^smtps?$/, error: 'is not an address such as smtp://mail.example:587' })
      .optional(),
    /**
     * Address that receipts are mailed from; needed with `SMTP_URL`.
     * @default `bien-lai@mangnon.localhost`
     * @example `bien-lai@quy.example`
     */
    MAIL_FROM: address.optional(),
    /**
     * Address that returned mails are listened for on.
     * @default `0.0.0.0`
     * @example `127.0.0.1`
     */
    BOUNCES_HOST: z.string().min(1, 'is empty').default('0.0.0.0'),
    /**
     * Port that returned mails are listened for on over SMTP; the mail server of `MAIL_FROM`'s domain hands them on there.
     * @default none: returned mails are not seen
     * @example `2525`
     */
    BOUNCES_PORT: port.optional(),
  })
  .refine(({ SMTP_URL, MAIL_FROM }) => SMTP_URL === undefined || MAIL_FROM !== undefined, {
    path: ['MAIL_FROM'],
    error: 'is needed with SMTP_URL: the address that receipts are mailed from',
  });

/** How receipts are mailed. */
export interface ReceiptsConfig {
  /** The mail server; mail goes to the local mailbox when absent. */
  readonly smtpUrl: string | undefined;
  /** Receipts come from here. */
  readonly mailFrom: string;
  /** Its domain, in lower case: that of Message-IDs and of returned mails. */
  readonly mailDomain: string;
  /** Where returned mails are listened for over SMTP; nowhere when absent. */
  readonly bounces: { readonly host: string; readonly port: number } | undefined;
}

/** Token of {@link ReceiptsConfig}. */
export const RECEIPTS_CONFIG = Symbol('ReceiptsConfig');

/** Reads the environment once. Throws `ConfigRefused` with every fault there is. */
export function readReceiptsConfig(environment: NodeJS.ProcessEnv = process.env): ReceiptsConfig {
  const given = givenIn(environment);
  const { success, data, error } = variables.safeParse(given);
  if (!success)
    throw new ConfigRefused(error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const mailFrom = data.MAIL_FROM ?? 'bien-lai@mangnon.localhost';
  return {
    smtpUrl: data.SMTP_URL,
    mailFrom,
    mailDomain: mailFrom.slice(mailFrom.lastIndexOf('@') + 1).toLowerCase(),
    bounces:
      data.BOUNCES_PORT === undefined ? undefined : { host: data.BOUNCES_HOST, port: data.BOUNCES_PORT },
  };
}
