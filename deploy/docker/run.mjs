// What a container of the image runs: one service, or the command line. In this very process, so that signals reach it.
const services = ['gateway', 'access', 'donations', 'ledger', 'receipts'];
const [name, ...rest] = process.argv.slice(2);

if (name === 'mangnon') {
  process.argv.splice(2, 1);
  await import('../../bin/mangnon.js');
} else if (services.includes(name) && rest.length === 0) {
  await import(`../../dist/apps/${name}/src/main.js`);
} else {
  console.error(`Run one of ${services.join(', ')}, or "mangnon" with a command, such as: mangnon --help`);
  process.exitCode = 2;
}
