import 'reflect-metadata';
import { topics } from '#contracts/topics.js';
import { runApart } from '#platform/apart/run-apart.js';
import { receiptsService } from './receipts.module.js';

runApart(receiptsService, { port: 3004, topics });
