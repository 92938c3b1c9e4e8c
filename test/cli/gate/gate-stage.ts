import type { Role } from '../../../src/cli/gate/app-roles.js';
import { readState } from '../../../src/cli/gate/read-state.js';
import { type SetupResult, setUpGate } from '../../../src/cli/gate/setup.js';
import type { GateState, Wanted } from '../../../src/cli/gate/state.js';
import { connect } from '../../../src/github/client.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { type Detour, followPage, type Person } from './person.js';

export const WANTED: Wanted = {
  ops: { owner: 'acme', name: 'ops' },
  apps: [{ owner: 'acme', name: 'apps' }],
  slugs: {},
};

/** A stage with an ops repository that has the gate's workflows, and an apps repository. */
export async function startGateStage(): Promise<Stage> {
  const files = {
    'README.md': 'Ops\n',
    '.github/workflows/ops-check.yml': 'on: pull_request\njobs: {}\n',
    '.github/workflows/ops-gate.yml': 'on: workflow_dispatch\njobs: {}\n',
  };
  const stage = await startStage({
    repositories: { 'acme/ops': { files }, 'acme/apps': { files: { 'README.md': 'Apps\n' } } },
  });
  for (const name of ['acme/ops', 'acme/apps']) {
    stage.github.repository(name).role('ada', 'admin');
  }
  return stage;
}

/** A connection of an administrator who is a person. */
export function asAda(stage: Stage) {
  const token = stage.github.issueToken({ actor: 'ada' });
  // What fails once ends the command, as if it had been killed.
  return connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl, retry: { attempts: 1 } });
}

export function mendsOf(stage: Stage) {
  return { server: stage.serverUrl, setup: 'ostack gate setup' };
}

export interface Ran extends Person {
  result: SetupResult;
  said: string[];
}

export interface Run {
  newKeys?: Role[];
  dryRun?: boolean;
  wanted?: Wanted;
  detour?: Detour;
}

/** Sets the gate up, with a person who does what the page asks. */
export async function runSetup(
  stage: Stage,
  { newKeys = [], dryRun = false, wanted = WANTED, detour }: Run = {},
): Promise<Ran> {
  const person: Person = { asked: [], seen: [] };
  const said: string[] = [];
  let following: Promise<void> | undefined;
  try {
    const result = await setUpGate({
      github: asAda(stage),
      apiUrl: stage.apiUrl,
      wanted,
      newKeys,
      dryRun,
      mends: mendsOf(stage),
      say: (line) => said.push(line),
      visit: (url) => {
        following = followPage(stage, url, person, detour, `${wanted.ops.owner}/${wanted.ops.name}`);
      },
    });
    return { ...person, result, said };
  } finally {
    await following;
  }
}

export function stateOf(stage: Stage): Promise<GateState> {
  return readState(asAda(stage), WANTED);
}

/** What the repositories hold, without what differs from run to run. */
export async function holdingOf(stage: Stage) {
  const state = await stateOf(stage);
  return { ...state, rulesets: state.rulesets?.map(({ link: _link, ...ruleset }) => ruleset) };
}
