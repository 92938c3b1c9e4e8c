import { start } from './index.js';
await start('cleanup-preview-env');
