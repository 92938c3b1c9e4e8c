import { start } from './index.js';
await start('find-ops-repository');
