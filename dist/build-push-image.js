import { start } from './index.js';
await start('build-push-image');
