// `node --import` this file: the thread then imports our TypeScript sources directly. For specs that start a worker.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
