import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StandInWorld } from '../../infra/stand-in/world.js';
import { resultsOf } from '../../infra-tools/support/applies.js';
import type { Checkout, InfraPullRequest } from '../../infra-tools/support/infra-repository.js';
import type { ActionResult } from '../../support/run-action.js';
import { endProblems, ledgerProblems, missingHashes, openStarts } from '../apply-rules.js';
import { record } from '../table.js';
import { act, log } from '../torture.js';
import { type Case, casesOf, KILLED_AFTER, type OwnRequest, REFUSED, TROUBLES } from '../trouble.js';
import { again, restoreOf } from '../verbs/infra.js';

const NAME = 'apply-infra';
const MADE = ['terraform_data.a = 1', 'terraform_data.b = 2'];
const TIME_LIMIT_MS = 750;
const IS_ALL = process.env.OSTACK_TORTURE === 'all';

let world: StandInWorld;
let applying: { pull: InfraPullRequest; merged: string; root: string; made: readonly string[] };
let run: (signal?: AbortSignal) => Promise<ActionResult>;
let byHand: Checkout;
let goBack: () => Promise<void>;
let requests: OwnRequest[];

beforeAll(async () => {
  world = await StandInWorld.of({ net: {} });
  const { pull, pushed } = await world.change('first', { net: { a: '1', b: '2' } });
  applying = { pull, merged: pushed.after, root: 'net', made: MADE };
  run = again(world, await world.infra.toApply(pushed), world.applyInputs);
  byHand = await world.infra.toApply({ by: 'ada' });
  goBack = await restoreOf(world);
  const good = await struck();
  requests = good.requests;
  expect([good.run.exitCode, await problemsAtEnd()]).toEqual([0, []]);
  expect([(await run()).exitCode, await problemsAtEnd()]).toEqual([0, []]);
}, 240_000);

afterAll(() => world?.[Symbol.asyncDispose]());

const problemsAtEnd = async () => [...(await endProblems(world, applying)), ...(await missingHashes(world))];

function struck(...trouble: Parameters<typeof act> extends [unknown, ...infer Rest] ? Rest : never) {
  return act({ stage: world.infra.stage, others: [world.space.faults], act: run }, ...trouble);
}

/** Runs it with trouble, and as often as its own advice says without. @returns what is wrong */
async function survived({ trouble, at }: Case): Promise<string> {
  await goBack();
  const known = new Set<string>();
  const isNewRead = ({ text, writes }: OwnRequest) => !writes && !known.has(text) && known.add(text) !== undefined;
  const first = await struck(trouble, (request, index) =>
    at === 'every read' ? isNewRead(request) && trouble.strikes(request) : index === at,
  );
  await world.infra.stage.github.quiet();
  const problems = await ledgerProblems(world);
  if (!trouble.kills && trouble.name !== REFUSED && first.run.exitCode !== 0) {
    problems.push('it took a second run');
  }
  const end = first.run.exitCode === 0 && trouble.name !== REFUSED ? first.run : await afterwards(problems);
  problems.push(...(await problemsAtEnd()), ...(end.exitCode === 0 ? [] : ['the last run failed']));
  return problems.length === 0 ? '' : `${problems.join('\n')}\n${log(first.run, end)}`;
}

/** The run is started again; where it asks for a start, a person has looked, and names it. */
async function afterwards(problems: string[]): Promise<ActionResult> {
  const [open, made] = [openStarts(world), await world.madeOf('net')];
  const next = await run();
  const { net } = resultsOf(next);
  if (open.length === 0) {
    return next;
  }
  if (net?.result !== 'asks' || !open.includes(`${net.start}/apply-started.json`)) {
    problems.push(`an apply was started, and the next run was not asked: ${net?.result}`);
  }
  if (made.join() !== (await world.madeOf('net')).join()) {
    problems.push('something was made before a person has looked');
  }
  return again(world, byHand, { ...world.applyInputs, roots: 'net', start: net?.start ?? '' })();
}

describe('apply-infra', () => {
  if (!IS_ALL) {
    test('killed after each of its writes it makes nothing twice, and asks', async () => {
      const writes = [...requests.entries()].filter(([, { writes: isWrite }]) => isWrite);
      const failures: string[] = [];
      for (const [at] of writes) {
        const name = `${NAME}/${KILLED_AFTER.name}/${at}`;
        const problem = await survived({ name, at, trouble: KILLED_AFTER });
        failures.push(...(problem === '' ? [] : [`${name}: ${problem}`]));
      }
      expect(failures.join('\n\n')).toBe('');
    }, 600_000);
    return;
  }
  let [tried, ended] = [0, 0];
  let repeat: string | undefined;
  afterAll(() => {
    const row = { scenario: `interrupted: ${NAME}`, tried, survived: ended };
    record({ ...row, ...(repeat === undefined ? {} : { repeat }) });
  });
  test.each([...TROUBLES.map(({ name }) => name), REFUSED])(
    '%s',
    async (name) => {
      const cases = casesOf(NAME, requests, process.env.OSTACK_TORTURE_CASE).filter((one) => one.trouble.name === name);
      const failures: string[] = [];
      if (name.startsWith('timeout')) {
        process.env.OSTACK_TEST_TIME_LIMIT = String(TIME_LIMIT_MS);
      }
      try {
        for (const each of cases) {
          const problem = await survived(each);
          tried += 1;
          ended += problem === '' ? 1 : 0;
          if (problem !== '') {
            repeat ??= `OSTACK_TORTURE_CASE='${each.name}' npm run torture -- ${NAME}`;
            failures.push(`${each.name}: ${problem}`);
          }
        }
      } finally {
        delete process.env.OSTACK_TEST_TIME_LIMIT;
      }
      expect(failures.join('\n\n')).toBe('');
    },
    3_600_000,
  );
});
