import { fileURLToPath } from 'node:url';
import type { Invariant } from '../faults/invariants.js';
import { accounts, Site } from '../faults/site.js';
import { Login, mangnon } from './command-line.js';
import type { Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';
import { Stand } from './stand.js';
import { Walk, type Tally } from './walk.js';

const statement = fileURLToPath(new URL('../data/statement-2024-09.csv.gz', import.meta.url));
/** Donations of the statement, and their sum in đồng. */
const donated: Tally = { count: 19_999, sum: 11_464_843_306n };

/** `mangnon import statement` with the whole statement of September 2024, to the last receipt's number. */
export const imported: Measure = {
  name: 'import',
  what: 'the statement of September 2024 by mangnon import statement, to the last receipt’s number',
  seconds: 1,
  runs: 3,
  async open({ profile }) {
    const site = await Site.open();
    const run = async (): Promise<Taken> => {
      const stand = await Stand.start(site, { profile });
      const login = new Login(site.url, site.people.accountant);
      try {
        return await importedInto(stand, login);
      } finally {
        login.forget();
        await stand.stop();
        stand.clear();
      }
    };
    return {
      cases: [{ name: '20,000 rows', aim: '≤ 15 s (stretch ≤ 8 s)', run }],
      close: () => site.close(),
    };
  },
};

async function importedInto(stand: Stand, login: Login): Promise<Taken> {
  const watch = new ProcessWatch(stand.processes);
  // The bank's account is new to the books of this fund, which somebody has to have seen.
  const agreed = ['--yes', '--opening-entry', '--seen', 'account-new'];
  const flags = ['--fund', 'LS', '--account', accounts.statement, ...agreed];
  const { code, output, seconds } = await mangnon(['import', 'statement', statement, ...flags], login);
  if (code !== 0) throw new Error(output);
  const used = watch.end();
  const { DonationRecorded, DonationPosted, ReceiptIssued } = await new Walk(stand.database).tallies();
  const invariants = [DonationRecorded, DonationPosted, ReceiptIssued].map((tally, step): Invariant => {
    const rule = `${['donations', 'entries', 'receipts'][step] ?? ''} = rows of the statement, to the đồng`;
    const isSame = tally.count === donated.count && tally.sum === donated.sum;
    return {
      rule,
      count: tally.count,
      broken: isSame ? [] : [`${String(tally.count)}, ${String(tally.sum)} VND`],
    };
  });
  return {
    figures: [
      { name: 'imported after', unit: 's', value: seconds },
      { name: 'rows', unit: '/s', value: donated.count / seconds },
      ...used,
    ],
    invariants,
  };
}
