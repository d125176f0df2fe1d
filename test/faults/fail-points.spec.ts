import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { failPointEvents, failPointNames } from '#platform/fail-points.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const streams = `${repository}test/golden/streams`;

describe('the fail-points', () => {
  it('stand at events that are recorded', () => {
    const lines = readdirSync(streams).flatMap((file) =>
      readFileSync(`${streams}/${file}`, 'utf8').trimEnd().split('\n'),
    );
    const recorded = new Set(lines.map((line) => (JSON.parse(line) as { readonly type: string }).type));
    expect(failPointEvents.filter((type) => !recorded.has(type))).toEqual([]);
  });

  it('are told of, each step once', () => {
    const page = readFileSync(`${repository}docs/explanation/faults.md`, 'utf8');
    const told = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, step]) => step);
    const steps = failPointNames.map((name) => name.split(':')[0]);
    expect(told).toEqual([...new Set(steps)]);
  });
});
