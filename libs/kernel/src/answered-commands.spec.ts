import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { AnsweredCommands, type FirstEvent } from './answered-commands.js';
import type { RecordedEvent } from './domain-event.js';
import { emptyInbox, evolveInbox } from './inbox.js';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('the commands that a stream has answered', () => {
  it('stay what they were for whoever holds them, whatever grows out of them', () => {
    const steps = fc.array(fc.record({ from: fc.nat(), id: fc.constantFrom(...ids) }));
    fc.assert(
      fc.property(steps, (grown) => {
        const lists = [AnsweredCommands.none];
        const records: Record<string, FirstEvent>[] = [{}];
        for (const [revision, { from, id }] of grown.entries()) {
          const at = from % lists.length;
          lists.push(lists[at]!.with(id, { revision }));
          records.push({ [id]: { revision }, ...records[at] });
        }
        expect(lists.map((list) => list.toJSON())).toEqual(records);
        for (const id of ids)
          expect(lists.map((list) => list.find(id))).toEqual(records.map((record) => record[id]));
      }),
    );
  });

  it('come back from a record as they were', () => {
    const record = { a: { revision: 0, digest: 'h' }, constructor: { revision: 3 } };
    const list = AnsweredCommands.of(record);
    expect(list.toJSON()).toEqual(record);
    expect(list.find('a')).toEqual({ revision: 0, digest: 'h' });
    expect(list.find('toString')).toBeUndefined();
  });
});

const commanded = (revision: number): RecordedEvent => {
  const event: Pick<RecordedEvent, 'type' | 'revision' | 'commandId' | 'cause'> = {
    type: 'SessionStarted',
    revision,
    commandId: `command-${String(revision)}`,
    cause: { kind: 'command', id: 'c' },
  };
  return event as RecordedEvent;
};

describe('folding an inbox', () => {
  it('writes each command down once, however many went before', () => {
    const written = jest.spyOn(Map.prototype, 'set');
    const events = Array.from({ length: 1_000 }, (_, revision) => commanded(revision));
    const { commands } = events.reduce(evolveInbox, emptyInbox);
    expect(written).toHaveBeenCalledTimes(1_000);
    written.mockRestore();
    expect(Object.keys(commands.toJSON())).toHaveLength(1_000);
  });
});
