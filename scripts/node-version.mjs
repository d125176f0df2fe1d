// Read by every Node that knows modules: nothing here needs a newer one than the sentence that asks for one.

/** Whether the reader's language is Vietnamese, by the locale. */
export const vietnamese = /^vi/i.test(
  process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '',
);

/** Ends the process with this code, and the sentence that says why, where Node is older than 20.19. */
export function assertNode(exitCode) {
  const parts = process.versions.node.split('.').map((part) => parseInt(part, 10));
  if (parts[0] > 20 || (parts[0] === 20 && parts[1] >= 19)) return;
  console.error(
    vietnamese
      ? `Măng Non cần Node.js 20.19 trở lên; máy này đang dùng ${process.versions.node}.`
      : `Măng Non needs Node.js 20.19 or newer; this is ${process.versions.node}.`,
  );
  process.exit(exitCode);
}
