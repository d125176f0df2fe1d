import { describe, expect, it } from '@jest/globals';
import { ConfigRefused } from '#platform/config-refused.js';
import { EmbeddedPostgresFault } from '#platform/embedded-postgres/faults.js';
import { MigrationRefused } from '#postgres/migrate.js';
import { explain } from './explain.js';
import { AddressFault, addressFault } from './sentences.js';

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

  it('by the folder that may not be written in, which is no address', () => {
    const error = Object.assign(new Error('EACCES: permission denied'), {
      ...{ code: 'EACCES', path: '/keys/staff', syscall: 'mkdir' },
    });
    expect(addressFault(error, '127.0.0.1:3000')).toBeUndefined();
    expect(explain(error, 'en')).toBe('No right to read or write /keys/staff: change its owner.');
    expect(explain(error, 'vi')).toBe('Không có quyền đọc hoặc ghi /keys/staff: hãy đổi chủ sở hữu.');
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/keys/staff' });
    expect(explain(full, 'en')).toBe('The disk of /keys/staff is full: free some room and start again.');
  });

  it('by the address that may not be listened on', () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen', port: 80 });
    expect(addressFault(error, '127.0.0.1:80')?.sentence('en')).toContain(
      'No right to listen on 127.0.0.1:80',
    );
  });

  it('by the disk that filled up while PostgreSQL made its tables', () => {
    const error = Object.assign(new Error('could not extend file "base/1/2"'), { code: '53100' });
    expect(explain(error, 'en')).toBe(
      'The disk of the data directory is full: free some room and start again.',
    );
    expect(explain(error, 'vi')).toContain('Đĩa chứa thư mục dữ liệu đã đầy');
  });

  it('by the whole error where it is our own bug', () => {
    expect(explain(new TypeError('x is not a function'), 'en')).toMatch(
      /TypeError: x is not a function\n {4}at /,
    );
    expect(explain('thrown', 'en')).toContain('thrown');
  });
});
