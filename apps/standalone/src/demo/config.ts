/**
 * Makes every mail of the demo go to its own mailbox, whatever mail server is set for the fund of this machine: its people
 * are made up. An empty variable counts as absent.
 */
export function keepMailAtHome(environment: NodeJS.ProcessEnv = process.env): void {
  Object.assign(environment, { SMTP_URL: '', MAIL_FROM: '', BOUNCES_HOST: '', BOUNCES_PORT: '' });
}
