import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';
import { Filter, rowsWhere } from '../newest-first.js';
import { namedRecordProjection } from './named-record.projection.js';

/** Tells vault records that an event of this service names from orphans of commands that were refused. */
@Injectable()
export class NamedRecordQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** Those of the records that an event names, as far as the read model stands; for `VaultRoom.sweep`. */
  async named(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const filter = new Filter().where('record_id = ANY(?::uuid[])', recordIds);
    const rows = await rowsWhere({ database: this.database, projection: namedRecordProjection }, filter);
    return new Set(rows.map((row) => row.record_id));
  }
}
