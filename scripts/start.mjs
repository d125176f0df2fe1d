// `npm start` and `npm run demo`. Nothing is imported that an older Node could not read before the check has passed.

// The demo reads what stands behind its own name.
const isDemo = process.argv[2] === 'demo';
if (isDemo) process.argv.splice(2, 1);
const program = isDemo ? 'demo/main.js' : 'main.js';

import('./node-version.mjs')
  .then(({ assertNode, vietnamese }) => {
    assertNode(1);
    return import('module').then(({ default: module }) => {
      // What is compiled is kept for the next start, by those versions of Node that can.
      if (module.enableCompileCache) module.enableCompileCache();
      return import('./build.mjs').then(({ build }) => build({ vietnamese }));
    });
  })
  .then((built) => (built ? import(`../dist/apps/standalone/src/${program}`) : process.exit(1)))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
