import { start } from './index.js';
await start('affected-apps');
