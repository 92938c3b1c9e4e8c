import { test } from '@jest/globals';
import { surgery } from './surgery.js';

/** `OSTACK_SURGERIES=20000` makes a long run of it. */
const RUNS = Number(process.env.OSTACK_SURGERIES ?? 150);

test('in any file, only the meant bytes change, it says exactly what it should, and twice is once', () => {
  surgery(RUNS);
}, 180_000);
