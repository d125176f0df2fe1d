import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Paths below a folder (relative to where we run) that end so, in order. */
export function filesBelow(folder, ...endings) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The sources that the build compiles, with their types. */
export function openProgram() {
  const settings = ts.readConfigFile('tsconfig.build.json', ts.sys.readFile).config;
  const { fileNames, options } = ts.parseJsonConfigFileContent(settings, ts.sys, process.cwd());
  return ts.createProgram(fileNames, { ...options, noEmit: true, incremental: false });
}

/** A Markdown table. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line), ''];
}

/** Text fit for a cell of a Markdown table. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}
