import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Folders directly inside, but for what is installed, built or kept by a run. */
const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|dist$|node_modules$)/.test(entry.name))
    .map(({ name }) => name);

describe('every folder', () => {
  it('has a line in ARCHITECTURE.md', () => {
    const lines = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| ([^|]*) \|/gm);
    const told = new Set([...lines].flatMap(([, folders = '']) => folders.match(/[\w./*-]+/g) ?? []));
    const split = ['apps', 'libs', 'test'];
    const folders = [
      ...foldersIn('.').filter((name) => !split.includes(name)),
      ...split.flatMap((above) => foldersIn(above).map((name) => `${above}/${name}`)),
    ];
    expect(folders.length).toBeGreaterThan(25);
    expect(folders.filter((folder) => !told.has(folder))).toEqual([]);
  });

  it('of apps is a project of nest-cli.json', () => {
    const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as {
      readonly projects: Readonly<Record<string, { readonly root: string; readonly sourceRoot: string }>>;
    };
    expect(Object.keys(projects).sort()).toEqual(foldersIn('apps').toSorted());
    for (const [name, { root, sourceRoot }] of Object.entries(projects)) {
      expect([root, sourceRoot]).toEqual([`apps/${name}`, `apps/${name}/src`]);
      expect(existsSync(sourceRoot)).toBe(true);
    }
  });
});
