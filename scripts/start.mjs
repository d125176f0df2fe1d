// `npm start` and `npm run demo`. Nothing here needs a newer Node than the sentence that asks for one, so imports come after the check.
const vietnamese = /^vi/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
const parts = process.versions.node.split('.').map((part) => parseInt(part, 10));

if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error(
    vietnamese
      ? `Măng Non cần Node.js 20.19 trở lên; máy này đang dùng ${process.versions.node}.`
      : `Măng Non needs Node.js 20.19 or newer; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

// The demo reads what stands behind its own name.
const isDemo = process.argv[2] === 'demo';
if (isDemo) process.argv.splice(2, 1);
const program = isDemo ? 'demo/main.js' : 'main.js';

import('./build.mjs')
  .then(({ build }) => build({ vietnamese }))
  .then((built) => (built ? import(`../dist/apps/standalone/src/${program}`) : process.exit(1)))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
