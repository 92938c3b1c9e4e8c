import { start } from './index.js';
await start('quarantine-images');
