import { test } from '@jest/globals';
import { checkManyFiles } from './in-place-edits.js';

/** `OSTACK_SURGERIES=20000` makes a long run of it. */
const RUNS = Number(process.env.OSTACK_SURGERIES ?? 150);

test('in any file, only the meant bytes change, it says exactly what it should, and twice is once', () => {
  checkManyFiles(RUNS);
}, 180_000);
