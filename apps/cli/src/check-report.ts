import type { Check, Finding } from './checks/check.js';
import { figure } from './figures.js';
import type { Terminal } from './terminal.js';

/** Prints each rule with how much was looked at and where it is broken; true when none is. */
export function reportChecks(checks: readonly Check[], terminal: Terminal): boolean {
  for (const check of checks) check.end();
  for (const check of checks) reportCheck(check, terminal);
  return checks.every(({ broken }) => broken === 0);
}

function reportCheck({ rule, counted, broken, findings }: Check, terminal: Terminal): void {
  const count = figure(counted, terminal.language);
  if (broken === 0) {
    terminal.tell({ vi: `✓ ${rule.vi} (${count})`, en: `✓ ${rule.en} (${count})` });
    return;
  }
  const breaches = figure(broken, terminal.language);
  terminal.tell({
    vi: `✗ ${rule.vi}: sai ${breaches} chỗ trong ${count}`,
    en: `✗ ${rule.en}: broken ${breaches} times in ${count}`,
  });
  for (const finding of findings) reportFinding(finding, terminal);
  if (broken > findings.length) terminal.print('    …');
}

function reportFinding({ position, stream, what }: Finding, terminal: Terminal): void {
  const at = position === undefined ? '' : `${position} ${stream ?? ''}: `;
  terminal.tell({ vi: `    ${at}${what.vi}`, en: `    ${at}${what.en}` });
}
