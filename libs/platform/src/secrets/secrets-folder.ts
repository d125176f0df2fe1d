import { randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Whose files are: what containers run as. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Read by its owner alone; or by anybody who gets so far, which the folder above it prevents. */
export type SecretMode = 0o600 | 0o444;

/**
 * A folder of secrets, a file each, which nobody but its owner can enter (mode 0700). What is there already is never written
 * over, so that a second run makes only what is missing.
 */
export class SecretsFolder {
  readonly #made: string[] = [];

  /** `owner` where files are made for another than who runs this, which root alone can do. */
  constructor(
    readonly directory: string,
    private readonly owner?: Owner,
  ) {}

  /** Files that were made, relative to the folder, in order. */
  get made(): readonly string[] {
    return this.#made;
  }

  /** What a file holds; undefined where it is not there. */
  async find(path: string): Promise<string | undefined> {
    return readFile(join(this.directory, path), 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** What a file holds, written whole with what `make` gives where it is not there. */
  async keep(path: string, make: () => string, mode: SecretMode = 0o600): Promise<string> {
    const there = await this.find(path);
    if (there !== undefined) return there;
    await this.#enclose(dirname(join(this.directory, path)));
    const text = make();
    await this.#write(join(this.directory, path), text, mode);
    this.#made.push(path);
    return text;
  }

  /** From the top down, so that each folder on the way is open to the owner alone. */
  async #enclose(folder: string): Promise<void> {
    const isTop = relative(this.directory, folder) === '';
    if (!isTop) await this.#enclose(dirname(folder));
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await this.#give(folder);
    if (isTop) await chmod(folder, 0o700);
  }

  /** Under another name first: a file appears whole, also where the machine stops in the middle. */
  async #write(path: string, text: string, mode: SecretMode): Promise<void> {
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, text, { mode: 0o600, flush: true });
    try {
      await chmod(draft, mode);
      await this.#give(draft);
      await link(draft, path);
    } finally {
      await rm(draft);
    }
    const folder = await open(dirname(path));
    await folder.sync().finally(() => folder.close());
  }

  async #give(path: string): Promise<void> {
    if (this.owner) await chown(path, this.owner.uid, this.owner.gid);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
