import type { StaffEvent } from '#domain/staff/staff.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A person as lists show him: no name, only the record that has it. */
export type StaffRow = {
  readonly staff_id: string;
  /** The fund whose administrators look after the person; `*` is every fund. */
  readonly fund_id: string;
  /** `active`, `suspended` or `withdrawn`. */
  readonly status: string;
  readonly contact_record_id: string;
  /** Funds on which a grant stands or stood, `*` included, each once. */
  readonly granted_fund_ids: readonly string[];
  readonly second_factor: boolean;
  /** Somebody asked for a link to choose a password and has none yet. */
  readonly link_requested: boolean;
  readonly registered_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** The staff of every fund. */
export const staffProjection: Projection<StaffRow> = {
  name: 'access.staff',
  version: 1,
  key: 'staff_id',
  columns: {
    staff_id: 'uuid',
    fund_id: 'text',
    status: 'text',
    contact_record_id: 'uuid',
    granted_fund_ids: 'text[]',
    second_factor: 'boolean',
    link_requested: 'boolean',
    registered_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [
    { columns: ['fund_id', 'incarnation', 'number'] },
    { columns: ['granted_fund_ids'], serves: 'members' },
  ],
  streams: ['staff-'],
  keysOf: (event) =>
    isInboxEvent(event) || !shown.has(event.type) ? [] : [event.stream.slice('staff-'.length)],
  project: (row, event) => projected(row, event as RecordedEvent<StaffEvent>),
};

type Change = (row: StaffRow, event: RecordedEvent<StaffEvent>) => StaffRow;

const status =
  (to: string): Change =>
  (row) => ({ ...row, status: to });
const changes: ReadonlyMap<string, Change> = new Map<StaffEvent['type'], Change>([
  ['ContactChanged', (row, { data }) => ({ ...row, ...contactOf(data) })],
  ['GrantGiven', (row, { data }) => ({ ...row, granted_fund_ids: fundsOf(row, data) })],
  ['SecondFactorConfirmed', (row) => ({ ...row, second_factor: true })],
  ['SecondFactorRemoved', (row) => ({ ...row, second_factor: false })],
  ['PasswordLinkRequested', (row) => ({ ...row, link_requested: true })],
  ['PasswordLinkIssued', (row) => ({ ...row, link_requested: false })],
  ['PasswordSet', (row) => ({ ...row, link_requested: false })],
  ['StaffSuspended', status('suspended')],
  ['StaffReinstated', status('active')],
  ['StaffWithdrawn', status('withdrawn')],
]);
const shown: ReadonlySet<string> = new Set(['StaffRegistered', ...changes.keys()]);

function projected(row: StaffRow | undefined, event: RecordedEvent<StaffEvent>): StaffRow | undefined {
  if (event.type === 'StaffRegistered') {
    const { staffId, fundId, contactRecordId } = event.data;
    return {
      ...{ staff_id: staffId, fund_id: fundId, status: 'active', contact_record_id: contactRecordId },
      ...{ granted_fund_ids: [], second_factor: false, link_requested: false },
      registered_at: event.recordedAt,
      incarnation: event.position.incarnation,
      number: event.position.number.toString(),
    };
  }
  return row && (changes.get(event.type)?.(row, event) ?? row);
}

function contactOf(data: StaffEvent['data']): Partial<StaffRow> {
  return 'contactRecordId' in data ? { contact_record_id: data.contactRecordId } : {};
}

function fundsOf(row: StaffRow, data: StaffEvent['data']): readonly string[] {
  if (!('fundId' in data) || data.fundId === null) return row.granted_fund_ids;
  return [...new Set([...row.granted_fund_ids, data.fundId])].sort();
}
