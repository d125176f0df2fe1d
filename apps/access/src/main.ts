import 'reflect-metadata';
import { topics } from '#contracts/topics.js';
import { runApart } from '#platform/apart/run-apart.js';
import { accessService, setUpPath } from './access.module.js';

runApart(accessService, {
  port: 3001,
  topics,
  say: async (app) => {
    const path = await setUpPath(app);
    return path && `the first administrator (the link works once, at the gateway): ${path}`;
  },
});
