import type { Service } from '#platform/service.js';
import { donationsService } from '#apps/donations/src/donations.module.js';
import { ledgerService } from '#apps/ledger/src/ledger.module.js';

/** Every service of the default run, in the order in which their schemas are migrated. */
export const services: readonly Service[] = [ledgerService, donationsService];
