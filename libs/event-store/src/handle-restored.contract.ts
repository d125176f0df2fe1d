import assert from 'node:assert/strict';
import { cashBoxCommand } from '#testing/cash-box.js';
import { wholeStream } from '#testing/events.js';
import { newId } from './command-id.js';
import type { EventStore } from './event-store.js';
import {
  asked,
  cashMessage,
  put,
  refusalOf,
  take,
  type CashBoxes,
  type HandleCase,
  type HandleRig,
} from './contract-boxes.contract.js';

/** A process that goes on with what it keeps in memory while its store is restored under it. */
interface Survivor {
  readonly boxes: CashBoxes;
  readonly stream: string;
  /** The restored store: what was done since the last {@link Survivor.backUp} is gone. */
  restore(): Promise<EventStore>;
  backUp(): Promise<void>;
}

async function survivor(rig: HandleRig): Promise<Survivor> {
  const at = { store: await rig.open() };
  let kept = await at.store.head();
  const connected: EventStore = {
    append: (...append) => at.store.append(...append),
    read: (...read) => at.store.read(...read),
    subscribe: (options) => at.store.subscribe(options),
    head: () => at.store.head(),
    incarnation: () => at.store.incarnation(),
    close: () => at.store.close(),
  };
  return {
    boxes: rig.boxesOn(connected),
    stream: `box-${newId()}`,
    backUp: async () => void (kept = await at.store.head()),
    restore: async () => Object.assign(at, { store: await rig.restored(at.store, kept!) }).store,
  };
}

/** How many events the restored stream has got meanwhile, where two are lost of what the process keeps. */
const grown = { 'not as far as it stood': 1, 'as far as it stood': 2, 'past where it stood': 5 } as const;

/** What `handle` promises of what it keeps in memory, once the store was restored from before that. */
export const restoredCases: readonly HandleCase[] = [
  ...Object.entries(grown).map(([how, events]): HandleCase => ({
    name: `rests nothing on what a restored store has lost, though others have grown it again ${how}`,
    async run(rig) {
      const { boxes, stream, ...process } = await survivor(rig);
      for (let nth = 0; nth < 3; nth += 1) await boxes.command(stream, put(1n), asked());
      await process.backUp();
      for (let nth = 0; nth < 2; nth += 1) await boxes.command(stream, put(10n), asked());
      const restored = await process.restore();
      const others = rig.boxesOn(restored);
      for (let nth = 0; nth < events; nth += 1) await others.command(stream, put(0n, 'other'), asked());
      assert.equal(await refusalOf(boxes.command(stream, take(20n), asked())), 'cash-box/short');
      const { state } = await boxes.command(stream, put(1n, 'mine'), asked());
      assert.equal(state.balance, 4n);
      assert.deepEqual(state, (await others.load(stream)).state);
      assert.equal((await wholeStream(restored, stream)).length, 3 + events + 1);
    },
  })),
  {
    name: 'appends where the restored stream stands again at the revision that it knows, after deciding anew',
    async run(rig) {
      const { boxes, stream, ...process } = await survivor(rig);
      await boxes.command(stream, put(1n), asked());
      await process.backUp();
      await boxes.command(stream, put(10n), asked());
      const others = rig.boxesOn(await process.restore());
      await others.command(stream, put(2n), asked());
      const { state, revision } = await boxes.command(stream, put(4n), asked());
      assert.equal(state.balance, 7n);
      assert.equal(revision, 2);
    },
  },
  {
    name: 'answers again the commands and messages that a restored store has lost, each once',
    async run(rig) {
      const { boxes, stream, ...process } = await survivor(rig);
      const message = cashMessage(7, 'a', { command: 'put', amount: '5' });
      const context = asked();
      await boxes.command(stream, put(1n), asked());
      await process.backUp();
      await boxes.command(stream, put(10n), context);
      await boxes.messages(stream, [message], cashBoxCommand);
      await process.restore();
      for (let times = 0; times < 2; times += 1) {
        assert.equal((await boxes.command(stream, put(10n), context)).repeated, times === 1);
        await boxes.messages(stream, [message], cashBoxCommand);
      }
      assert.equal((await boxes.load(stream)).state.balance, 16n);
    },
  },
];
