import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StandInWorld } from '../../infra/stand-in/world.js';
import type { Checkout, InfraPullRequest } from '../../infra-tools/support/infra-repository.js';
import type { ActionResult } from '../../support/run-action.js';
import { endProblems, missingHashes } from '../apply-rules.js';
import { record } from '../table.js';
import { log } from '../torture.js';
import { again, restoreOf } from '../verbs/infra.js';
import { LONGEST_MS } from './schedules.js';

const NAME = 'an apply during another';
/** Of all gaps every one is played in `npm run torture`, else one of so many. */
const STEP = process.env.OSTACK_TORTURE === 'all' ? 1 : 7;
/** Marks requests to the space of the run that is wholly within the other. */
const INNER_KEY = 'THE-KEY-OF-THE-INNER-RUN';

let world: StandInWorld;
let applying: { pull: InfraPullRequest; merged: string; root: string; made: readonly string[] };
let checkout: Checkout;
let innerToken: string;
let goBack: () => Promise<void>;

beforeAll(async () => {
  world = await StandInWorld.of({ net: {} });
  const { pull, pushed } = await world.change('first', { net: { a: '1' } });
  applying = { pull, merged: pushed.after, root: 'net', made: ['terraform_data.a = 1'] };
  checkout = await world.infra.toApply(pushed);
  goBack = await restoreOf(world);
  innerToken = world.infra.stage.github.issueToken({
    ...{ actor: 'github-actions[bot]', repositories: ['acme/infra'] },
    permissions: { checks: 'write', contents: 'write', issues: 'write', pull_requests: 'write' },
  });
}, 240_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(checkout?.folder ?? '', { recursive: true, force: true });
});

test(
  `${NAME}: what was reviewed is applied once, whichever of them does it`,
  async () => {
    const failures: string[] = [];
    let tried = 0;
    for (let gap = 0; failures.length < 3; gap += STEP) {
      const problem = await playGap(gap);
      if (problem === undefined) {
        break;
      }
      tried += 1;
      failures.push(...(problem === '' ? [] : [`gap ${gap}: ${problem}`]));
    }
    record({ scenario: `races: ${NAME}`, tried, survived: tried - failures.length });
    expect([tried > 3, failures.join('\n\n')]).toEqual([true, '']);
  },
  LONGEST_MS,
);

/** Plays one run wholly between two requests of another. @returns what is wrong; `undefined` where there is no such gap */
async function playGap(gap: number): Promise<string | undefined> {
  await goBack();
  const { infra, space } = world;
  const outer = again(world, checkout, world.applyInputs);
  const inner = again(world, checkout, { ...world.applyInputs, token: innerToken, 'access-key': INNER_KEY });
  let requests = 0;
  let between: Promise<ActionResult> | undefined;
  const arrive = async (isOuter: boolean) => {
    if (isOuter && requests++ === gap) {
      between = inner();
    }
    await (isOuter ? between : undefined);
  };
  infra.stage.github.guard({
    async enter({ token }) {
      await arrive(token === infra.token);
      return () => {};
    },
  });
  space.gate = ({ headers }) => arrive(headers.authorization?.includes(INNER_KEY) !== true);
  let runs: ActionResult[];
  try {
    runs = [await outer(), ...(between === undefined ? [] : [await between])];
  } finally {
    infra.stage.github.guard(undefined);
    space.gate = () => Promise.resolve();
  }
  if (requests <= gap) {
    return undefined;
  }
  const last = await outer();
  const problems = [
    ...(last.exitCode === 0 ? [] : ['the last run failed']),
    ...(await endProblems(world, applying)),
    ...(await missingHashes(world)),
  ];
  return problems.length === 0 ? '' : `${problems.join('\n')}\n${log(...runs, last)}`;
}
