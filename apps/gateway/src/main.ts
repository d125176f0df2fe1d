import 'reflect-metadata';
import { runProcess } from '#platform/apart/run-process.js';
import { runGateway } from './apart/run.js';
import { readGatewayConfig } from './config.js';

runProcess('gateway', (onTrouble) => runGateway(readGatewayConfig(), onTrouble));
