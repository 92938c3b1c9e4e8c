import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { record } from '../table.js';
import { names, needed, type Shortage, type Step, tryWithout } from './missing.js';
import { shownByOtherTests } from './shown-by-other-tests.js';
import { lift, steps } from './steps.js';
import { allGranted } from './tokens-of.js';

/** `npm run torture` tries every step, `npm test` one of each kind of failure. */
const SHORT = ['release.yml/release/tag-release', 'release.yml/bump/bump-ops-overlay', 'ops-check.yml/check/check-ops'];
const all = process.env.OSTACK_TORTURE === 'all';
const chosen = all ? steps : steps.filter(({ place }) => SHORT.includes(place));

test.each(chosen)(
  '$place runs with exactly what is documented, and names what it lacks',
  async (step) => {
    const { shortages, exact } = await tryWithout(step, all);
    const right = shortages.filter((shortage) => isAsItShould(step, shortage));
    const repeat = `npm run torture -- test/torture/privilege -t '${step.place}'`;
    record({ scenario: 'a permission taken away', tried: shortages.length, survived: right.length, repeat });
    expect(shortages.filter((shortage) => !right.includes(shortage))).toEqual([]);
    const { exitCode, stdout, summary } = exact;
    const lacks = stdout.match(/^::(?!debug).*lacks the permission.*/m)?.[0];
    const isToldOfMore = names(`${stdout.replace(/^::debug.*$/gm, '')}\n${summary}`);
    expect({ exitCode, lacks, isToldOfMore, summary }).toEqual({
      ...{ exitCode: 0, lacks: undefined, isToldOfMore: false, summary },
    });
  },
  60_000,
);

function isAsItShould(step: Step, { taken, left, exitCode, named }: Shortage): boolean {
  const isTold = step.told?.includes(taken) || (left === 'read' && step.toldAtRead?.includes(taken));
  return named && exitCode === (isTold ? 0 : 1);
}

const files = readdirSync('.github/workflows').filter((file) =>
  readFileSync(`.github/workflows/${file}`, 'utf8').includes('workflow_call:'),
);

test.each(files)('%s grants nothing that no step needs', (file) => {
  const known = new Set([...Object.keys(shownByOtherTests), ...[...steps, lift].flatMap(needed)]);
  expect(allGranted(file).filter((grant) => !known.has(grant))).toEqual([]);
});
