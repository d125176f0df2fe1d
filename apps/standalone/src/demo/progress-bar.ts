const width = 30;

/** Draws one line that is drawn over: a bar on a terminal, now and then a line elsewhere. */
export class ProgressBar {
  #drawnAt = 0;

  constructor(
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  /** Shows how far it is; cheap to call for each step, because the remark is made only where it is drawn. */
  show(done: number, remark: () => string): void {
    const now = performance.now();
    const pause = this.out.isTTY ? 100 : 5_000;
    if (done < this.total && now - this.#drawnAt < pause) return;
    this.#drawnAt = now;
    const filled = Math.round((width * done) / this.total);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    const line = `${bar} ${String(done)}/${String(this.total)} ${remark()}`;
    this.out.write(this.out.isTTY ? `\r${line}${done === this.total ? '\n' : ''}` : `${line}\n`);
  }
}
