import { accessService } from '#apps/access/src/access.module.js';
import { donationsService } from '#apps/donations/src/donations.module.js';
import { gatewayService } from '#apps/gateway/src/gateway.module.js';
import { ledgerService } from '#apps/ledger/src/ledger.module.js';
import { receiptsService } from '#apps/receipts/src/receipts.module.js';
import type { Service } from '#platform/service.js';

/** Every service of the default run. */
export const services: readonly Service[] = [
  accessService,
  ledgerService,
  donationsService,
  receiptsService,
  gatewayService,
];
