import { identityOf } from './processes.js';

/**
 * Lets a process in a session of its own end with this one: where ours ends without having stopped it, by an error or by
 * somebody who would not wait, it is asked to end at once. A PostgreSQL then recovers by itself at its next start.
 */
export class ProcessBond {
  #bound: { readonly pid: number; readonly identity: string | undefined } | undefined;
  readonly #atExit = (): void => {
    const { pid, identity } = this.#bound ?? {};
    // Its number may have been given to another process by now.
    if (pid !== undefined && identity !== undefined && identityOf(pid) === identity)
      process.kill(pid, 'SIGQUIT');
  };

  /** Binds this process from now on, instead of the one before. */
  to(pid: number): void {
    if (!this.#bound) process.on('exit', this.#atExit);
    this.#bound = { pid, identity: identityOf(pid) };
  }

  /** It may live on. */
  end(): void {
    process.off('exit', this.#atExit);
    this.#bound = undefined;
  }
}
