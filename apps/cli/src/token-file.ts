import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { configDirectory, type Environment } from './config.js';

const remembered = z.object({
  server: z.url({ protocol: /^https?$/ }),
  tokenId: z.string(),
  secret: z.string(),
  expiresAt: z.string(),
});

/** A person's access token for one server. */
export type RememberedToken = z.infer<typeof remembered>;

/** The token that `mangnon login` keeps in `token.json` of the configuration directory, mode 0600. */
export class TokenFile {
  readonly #path: string;
  readonly #directory: string;

  constructor(environment: Environment) {
    this.#directory = configDirectory(environment);
    this.#path = join(this.#directory, 'token.json');
  }

  /** Undefined where nobody has logged in or the file is not ours. */
  async find(): Promise<RememberedToken | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = remembered.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  }

  /** Whole or not at all, and readable by its owner alone from the first byte on. */
  async keep(token: RememberedToken): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const draft = `${this.#path}.new`;
    await rm(draft, { force: true });
    await writeFile(draft, `${JSON.stringify(token)}\n`, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, this.#path);
  }

  /** Forgets it. */
  async forget(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
