#!/usr/bin/env node
// The command line. Nothing here needs a newer Node than the sentence that asks for one, so imports come after the check.
const vietnamese = /^vi/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
const parts = process.versions.node.split('.').map((part) => parseInt(part, 10));

if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error(
    vietnamese
      ? `Măng Non cần Node.js 20.19 trở lên; máy này đang dùng ${process.versions.node}.`
      : `Măng Non needs Node.js 20.19 or newer; this is ${process.versions.node}.`,
  );
  process.exit(2);
}

import('../dist/apps/cli/src/main.js').catch((error) => {
  const missing = error.code === 'ERR_MODULE_NOT_FOUND';
  if (missing)
    console.error(
      vietnamese ? 'Chưa biên dịch: hãy chạy npm run build.' : 'Not built yet: run npm run build.',
    );
  else console.error(error);
  process.exit(missing ? 2 : 70);
});
