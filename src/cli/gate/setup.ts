import type { GitHub } from '../../github/client.js';
import { appName, ROLES, type Role } from './app-roles.js';
import type { Doing } from './doing.js';
import { type Finding, findings, type Level, levelOf, type Mends } from './findings.js';
import { openPage, type Page } from './loopback.js';
import { perform } from './perform.js';
import { describeStep, planSetup, type Step } from './plan-setup.js';
import { readState } from './read-state.js';
import type { GateState, Wanted } from './state.js';

export interface SetupOptions {
  github: GitHub;
  apiUrl: string;
  wanted: Wanted;
  newKeys: readonly Role[];
  dryRun: boolean;
  mends: Mends;
  /** Tells a person what is done, a line each. */
  say(line: string): void;
  /** Tells a person where the page is. */
  visit(url: string): void;
}

export interface SetupResult {
  /** What was done, or would be. */
  steps: string[];
  level: Level;
  findings: Finding[];
}

/**
 * Does what is missing, reads everything back, and says what is still open. Stopped after any request and started again, it
 * ends the same.
 *
 * @throws Error with what could not be done, and what a person has to say or to do first
 */
export async function setUpGate(options: SetupOptions): Promise<SetupResult> {
  const { github, wanted, dryRun, newKeys, mends } = options;
  const state = await readState(github, wanted);
  const { steps, questions } = planSetup(state, newKeys);
  if (questions.length > 0) {
    throw new Error(questions.join('\n'));
  }
  const lines = steps.map((step) => describeStep(step, proposedNames(state)));
  if (dryRun || steps.length === 0) {
    return resultOf(lines, state, mends);
  }
  await performAll(options, state, steps, lines);
  const after = await readState(github, wanted);
  // Where the plan of the owner has no auto-merge, GitHub keeps it off: a note says so.
  const left = planSetup(after).steps.filter((step) => step.do !== 'allow-auto-merge');
  if (left.length > 0) {
    const names = left.map((step) => describeStep(step, proposedNames(after)));
    throw new Error(`GitHub took every request, and this is still to do: ${names.join('; ')}. Run it again.`);
  }
  return resultOf(lines, after, mends);
}

function proposedNames({ repository }: GateState): Record<Role, string> {
  const [ops, proposer] = ROLES.map((role) => appName(role, repository));
  return { ops: ops ?? '', proposer: proposer ?? '' };
}

function resultOf(steps: string[], state: GateState, mends: Mends): SetupResult {
  const found = findings(state, mends);
  return { steps, level: levelOf(found), findings: found };
}

async function performAll(
  { github, apiUrl, mends, say, visit }: SetupOptions,
  state: GateState,
  steps: readonly Step[],
  lines: readonly string[],
): Promise<void> {
  let page: Page | undefined;
  const done: string[] = [];
  const doing: Doing = {
    github,
    apiUrl,
    server: mends.server,
    state,
    apps: { ...state.apps },
    keys: {},
    async page() {
      if (page === undefined) {
        page = await openPage(`${state.repository.owner}/${state.repository.name}`, mends.server);
        for (const line of done) {
          page.say(line);
        }
        visit(page.url);
      }
      return page;
    },
  };
  try {
    for (const [index, step] of steps.entries()) {
      await perform(step, doing);
      const line = lines[index] ?? '';
      done.push(line);
      page?.say(line);
      say(line);
    }
    await page?.end('All is done. You can close this page.');
  } catch (error) {
    await page?.end('It stopped: the terminal says why. You can close this page.');
    throw error;
  }
}
