import { start } from './index.js';
await start('bump-ops-overlay');
