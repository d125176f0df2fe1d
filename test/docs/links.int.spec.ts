import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const below = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const pages = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...below('docs'), ...below('test')];

/** What a page points at: links within the repository, and paths of ours in code. */
function targets(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => join(dirname(page), link));
  const paths = [...text.matchAll(/`((?:apps|libs|test|scripts)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  return [...links, ...paths];
}

describe('the documents', () => {
  it.each(pages)('%s points at what is there', (page) => {
    expect(targets(page).filter((target) => !existsSync(target))).toEqual([]);
  });

  it('are all reached from docs/README.md or README.md', () => {
    const reached = new Set(['README.md', 'docs/README.md']);
    for (const page of reached)
      for (const target of targets(page))
        if (target.endsWith('.md') && existsSync(target)) reached.add(target);
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});
