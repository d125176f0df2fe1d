import { newId } from '#event-store/command-id.js';
import type { Service } from '#platform/service.js';

/** What no service and no auditor may do in the books. */
export const ofNobody: readonly string[] = [
  `INSERT INTO event_store.events SELECT * FROM event_store.events`,
  `UPDATE event_store.events SET data = '{}'`,
  'DELETE FROM event_store.events',
  'TRUNCATE event_store.events',
  `UPDATE event_store.head SET clock_offset = '1 day'`,
  'ALTER TABLE event_store.events DISABLE TRIGGER ALL',
  'DROP TABLE event_store.events CASCADE',
  'CREATE OR REPLACE FUNCTION event_store.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  'UPDATE event_store.migrations SET checksum = id',
  `INSERT INTO event_store.writers SELECT session_user, 'mine-'`,
  'DELETE FROM event_store.writers',
  'SELECT FROM event_store.writers',
  'CREATE TABLE event_store.mine (id int)',
  'CREATE TABLE public.mine (id int)',
  'CREATE TEMPORARY TABLE mine (id int)',
  'CREATE SCHEMA mine',
  'CREATE ROLE mine',
  'CREATE DATABASE mine',
  'SELECT * FROM pg_authid',
  'SET ROLE mangnon_migrator',
  'SET ROLE mangnon',
];

/** What a user may not do, since another service's user may. */
export function ofOthers(user: string, services: readonly Service[]): readonly string[] {
  return services
    .filter(({ name }) => `mangnon_${name}` !== user)
    .flatMap(({ name }) => [
      ...(user === 'mangnon_auditor' ? [] : [`SELECT FROM ${name}.read_model`]),
      `UPDATE ${name}.read_model SET number = 0`,
      `DELETE FROM ${name}.migrations`,
      `DROP TABLE ${name}.read_model`,
      `CREATE TABLE ${name}.mine (id int)`,
      `SET ROLE mangnon_${name}`,
      `ALTER ROLE mangnon_${name} PASSWORD 'mine'`,
      `GRANT mangnon_${name} TO ${user}`,
    ]);
}

/** Whether it runs in no transaction. */
export function runsWhole(statement: string): boolean {
  return statement.startsWith('CREATE DATABASE');
}

/** One call that begins each of these streams with one event. */
export function appendTo(streams: readonly string[]): string {
  const lines = (texts: readonly string[]): string => `E'${texts.join('\\n')}'`;
  const list = (value: string): string => `'{${streams.map(() => value).join()}}'`;
  const [types, texts] = [streams.map(() => 'Noted'), streams.map(() => '{}')];
  const ids = `'{${streams.map(() => newId()).join()}}'`;
  const items = [lines(streams), list('-1'), list('1'), list('NULL')];
  const events = [ids, lines(types), list('1'), lines(texts), lines(texts)];
  return `SELECT event_store.append(${[...items, ...events].join()})`;
}
