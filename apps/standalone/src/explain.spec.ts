import { describe, expect, it } from '@jest/globals';
import { ConfigRefused } from '#platform/config-refused.js';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import { MigrationRefused } from '#postgres/migrate.js';
import { explain } from './explain.js';
import { AddressFault } from './sentences.js';

describe('a start that fails is explained', () => {
  it('in one sentence, in the language of the console, where the reader can mend it', () => {
    const inUse = new AddressFault('EADDRINUSE', '127.0.0.1:3000');
    expect(explain(inUse, 'en')).toBe(
      '127.0.0.1:3000 is in use by another program: stop it, or set another PORT.',
    );
    expect(explain(inUse, 'vi')).toContain('đang được chương trình khác dùng');
    expect(explain(new EmbeddedPostgresFault('disk-full', '/data'), 'en')).toContain(
      'The disk of /data is full',
    );
  });

  it('by every wrong setting at once', () => {
    const refused = new ConfigRefused(['PORT is not a number', 'SMTP_URL is not an address']);
    expect(explain(refused, 'en').split('\n')).toEqual([
      'These settings are wrong:',
      '  PORT is not a number',
      '  SMTP_URL is not an address',
    ]);
  });

  it('by the sentence of an older release on newer data', () => {
    const told = explain(new MigrationRefused('the schema "ledger" was migrated by a newer release'), 'en');
    expect(told).toBe('Măng Non could not start: the schema "ledger" was migrated by a newer release');
  });

  it('by the folder that may not be written in', () => {
    const error = Object.assign(new Error('EACCES: permission denied'), {
      code: 'EACCES',
      path: '/keys/staff',
    });
    expect(explain(error, 'en')).toContain('No right to write in /keys/staff');
  });

  it('by the whole error where it is our own bug', () => {
    expect(explain(new TypeError('x is not a function'), 'en')).toMatch(
      /TypeError: x is not a function\n {4}at /,
    );
    expect(explain('thrown', 'en')).toContain('thrown');
  });
});
