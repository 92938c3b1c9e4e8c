// Loaded by actions before anything else: the clock goes ahead by the milliseconds in the file that OSTACK_TEST_CLOCK names.
import { readFileSync } from 'node:fs';

const ahead = Number(readFileSync(process.env.OSTACK_TEST_CLOCK, 'utf8'));
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + ahead] : given));
  }

  static now() {
    return Real.now() + ahead;
  }
};
