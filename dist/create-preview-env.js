import { start } from './index.js';
await start('create-preview-env');
