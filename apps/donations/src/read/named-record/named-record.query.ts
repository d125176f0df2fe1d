import { Injectable } from '@nestjs/common';
import { Filter, Tables } from '../tables.js';
import { namedRecordProjection } from './named-record.projection.js';

/** Tells vault records that an event of this service names from orphans of commands that were refused. */
@Injectable()
export class NamedRecordQuery {
  constructor(private readonly tables: Tables) {}

  /** Those of the records that an event names, as far as the read model stands; for `VaultRoom.sweep`. */
  async named(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const filter = new Filter().where('record_id = ANY(?::uuid[])', recordIds);
    const rows = await this.tables.rows(namedRecordProjection, filter);
    return new Set(rows.map((row) => row.record_id));
  }
}
