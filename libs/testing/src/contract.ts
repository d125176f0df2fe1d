import { stripVTControlCharacters } from 'node:util';
import { describe, it } from '@jest/globals';

/** One promise of a port; `run` rejects when the engine breaks it. */
export interface ContractCase<Engine> {
  readonly name: string;
  run(engine: Engine): Promise<void>;
}

const caseTimeoutMs = 60_000;

/** Declares each case as a test on an engine that is opened for it alone and closed behind it. */
export function contract<Engine extends { close(): Promise<void> }>(
  title: string,
  cases: readonly ContractCase<Engine>[],
  open: () => Promise<Engine>,
): void {
  describe(title, () => {
    it.each(cases)(
      '$name',
      async (one) => {
        const engine = await open();
        try {
          await one.run(engine);
        } finally {
          await engine.close();
        }
      },
      caseTimeoutMs,
    );
  });
}

/** How an engine breaks a promise, in plain words; `undefined` where it keeps it. An engine that can be closed is, behind it. */
export async function failureOf<Engine extends object>(
  one: ContractCase<Engine>,
  open: () => Engine | Promise<Engine>,
): Promise<string | undefined> {
  const engine = await open();
  try {
    await one.run(engine);
    return undefined;
  } catch (error) {
    return stripVTControlCharacters(String(error));
  } finally {
    await (engine as { close?(): Promise<void> }).close?.();
  }
}
