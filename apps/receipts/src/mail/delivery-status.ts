import type { ParsedMail } from 'mailparser';

const options = {
  // The report stays a part of its own, apart from what stands in the text.
  keepDeliveryStatus: true,
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
} as const;

/** The status code (RFC 3463) of a delivery that failed for good, or undefined for any other mail. */
export async function failedDeliveryStatus(mail: Buffer): Promise<string | undefined> {
  const { simpleParser } = await import('mailparser');
  const parsed = await simpleParser(mail, options);
  const report = reportOf(parsed);
  return report === undefined ? undefined : failureIn(report);
}

/** The machine-readable part of a delivery report (RFC 3464). */
function reportOf(parsed: ParsedMail): string | undefined {
  const part = parsed.attachments.find(({ contentType }) => contentType === 'message/delivery-status');
  return part?.content.toString('latin1');
}

/** The first recipient's failure: the fields of each recipient are a block of their own after that of the message. */
function failureIn(report: string): string | undefined {
  for (const block of report.replaceAll('\r\n', '\n').split(/\n{2,}/)) {
    const fields = fieldsOf(block);
    if (fields.get('action')?.toLowerCase() !== 'failed') continue;
    return /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fields.get('status') ?? '')?.[1] ?? '5.0.0';
  }
  return undefined;
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const unfolded = block.replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(
    unfolded.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}
