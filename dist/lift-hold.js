import { start } from './index.js';
await start('lift-hold');
