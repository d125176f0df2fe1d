import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OrphanSweep } from '#platform/operations/orphan-sweep.js';
import { NamedRecordQuery } from '../read/named-record/named-record.query.js';

/** Says which vault records of staff this service's events name. */
@Injectable()
export class Operations implements OnModuleInit {
  constructor(
    private readonly sweep: OrphanSweep,
    private readonly records: NamedRecordQuery,
  ) {}

  onModuleInit(): void {
    this.sweep.register('staff', 'access', (recordIds) => this.records.named(recordIds));
  }
}
