import { test } from '@jest/globals';
import { crowd } from '../../actions/create-preview-env/crowd.js';
import { record } from '../table.js';

/** `npm test` has a dozen of them. */
const MANY = process.env.OSTACK_TORTURE === 'all' ? 30 : 4;

test(`${MANY} pull requests opened and closed by concurrent runs end in exactly the right environments`, async () => {
  await crowd(MANY);
  record({ scenario: 'races: environments of many pull requests', tried: MANY, survived: MANY });
});
