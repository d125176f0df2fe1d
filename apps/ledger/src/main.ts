import 'reflect-metadata';
import { topics } from '#contracts/topics.js';
import { runApart } from '#platform/apart/run-apart.js';
import { ledgerService } from './ledger.module.js';

runApart(ledgerService, { port: 3003, topics });
