#!/usr/bin/env node
// The command line. Nothing is imported that an older Node could not read before the check has passed.
import('../scripts/node-version.mjs')
  .then(({ assertNode, vietnamese }) => {
    assertNode(2);
    return run(vietnamese);
  })
  .catch((error) => {
    console.error(error);
    process.exit(70);
  });

function run(vietnamese) {
  return import('../dist/apps/cli/src/main.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(
      vietnamese ? 'Chưa biên dịch: hãy chạy npm run build.' : 'Not built yet: run npm run build.',
    );
    process.exit(2);
  });
}
