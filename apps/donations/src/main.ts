import 'reflect-metadata';
import { topics } from '#contracts/topics.js';
import { runApart } from '#platform/apart/run-apart.js';
import { donationsService } from './donations.module.js';

runApart(donationsService, { port: 3002, topics });
