/** An ops repository that is guarded as `ostack gate setup` leaves it, on a stage, for those who try to get past the gate. */
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { starter } from '../../../src/local/starter.js';
import { GRANTED } from '../../actions/gate/support.js';
import { runSetup } from '../../cli/gate/gate-stage.js';
import { at, rest, webToken } from '../../local/github/support.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

export const OPS = 'acme/ops';
/** What the gate says, and which ruleset requires it. */
export const GATE = 'oStack / gate';
/** Slugs that the setup gives its Apps. */
export const APPS = { ops: 'acme-ops-gate', proposer: 'acme-ops-proposer' };

export interface Guarded {
  stage: Stage;
  repository: LocalRepository;
  /** Tokens: of a person by login, of the proposer with all that its key can get, of the gate's job. */
  person(login: string): string;
  proposer: string;
  gate: string;
  /** A token of the ops App, as the jobs of the gate's workflow take them. */
  take(permissions: Record<string, 'read' | 'write'>): Promise<string>;
}

/**
 * A stage with an ops repository that the command has set up: both Apps, the environment with its branch rule, the ruleset.
 *
 * @param files beside the starters of the check and the gate
 * @param before what happens to the repository before it is set up
 */
export async function guarded(
  files: Record<string, string>,
  before: (repository: LocalRepository) => Promise<void> = async () => {},
): Promise<Guarded> {
  const workflows = { 'ops-check.yml': await starter('ops/ops-check'), 'ops-gate.yml': await starter('ops/ops-gate') };
  const own = Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text] as const);
  const stage = await startStage({
    repositories: {
      [OPS]: { files: { ...Object.fromEntries(own), ...files } },
      'acme/apps': { files: { 'README.md': 'Apps\n' } },
    },
  });
  for (const name of [OPS, 'acme/apps']) {
    stage.github.repository(name).role('ada', 'admin');
  }
  await before(stage.github.repository(OPS));
  const { result } = await runSetup(stage);
  if (result.level !== 'guarded') {
    throw new Error(`The setup left the repository at the level "${result.level}", expected "guarded".`);
  }
  const repository = stage.github.repository(OPS);
  const sha = (await repository.refs())['refs/heads/main'] ?? '';
  const { secrets, vars } = await repository.enterEnvironment({
    ...{ environment: 'ostack-gate', ref: 'refs/heads/main', sha, runId: 1 },
  });
  const { secrets: lying, vars: known } = stage.github.repository('acme/apps').values;
  return {
    ...{ stage, repository },
    person: (login) => stage.github.issueToken({ actor: login }),
    proposer: await tokenOf(stage, known.OSTACK_APP_CLIENT_ID, lying.OSTACK_APP_PRIVATE_KEY),
    gate: await tokenOf(stage, vars.OSTACK_GATE_CLIENT_ID, secrets.OSTACK_GATE_PRIVATE_KEY, GRANTED),
    take: (permissions) => tokenOf(stage, vars.OSTACK_GATE_CLIENT_ID, secrets.OSTACK_GATE_PRIVATE_KEY, permissions),
  };
}

/** A token as an App's key gets it. @param permissions all that the App has where it says none */
export async function tokenOf(
  stage: Stage,
  clientId = '',
  key = '',
  permissions?: Record<string, 'read' | 'write'>,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const signIn = webToken({ iss: clientId, iat: now - 60, exp: now + 300 }, key);
  const installation = stage.github.apps.find(clientId)?.installations[0]?.id ?? 0;
  const asked = permissions === undefined ? {} : { permissions };
  const { body } = await rest(stage, `POST /app/installations/${installation}/access_tokens`, asked, signIn);
  return at(body, 'token');
}

/** Runs the gate as its workflow does. */
export function runGate({ stage, gate }: Guarded, env: Record<string, string> = {}): Promise<ActionResult> {
  return runAction({
    action: 'gate',
    inputs: { token: gate, 'app-slug': APPS.ops },
    env: { ...environmentOf(stage), ...env },
  });
}

function environmentOf(stage: Stage): Record<string, string> {
  return {
    GITHUB_REPOSITORY: OPS,
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
  };
}

/** Runs the audit as its workflow does. */
export async function runAudit({ stage, gate, take }: Guarded): Promise<ActionResult> {
  const reports = await take({ checks: 'write', issues: 'write' });
  const reverts = await take({ contents: 'write', pull_requests: 'write' });
  return runAction({
    action: 'audit',
    inputs: { token: gate, 'report-token': reports, 'revert-token': reverts, 'app-slug': APPS.ops },
    env: environmentOf(stage),
  });
}

/** Opens a pull request of a branch. @returns its number */
export async function open(
  { stage, person }: Guarded,
  branch: string,
  { as = 'mallory', token = person(as), base = 'main' }: { as?: string; token?: string; base?: string } = {},
): Promise<number> {
  const opened = await rest(stage, `POST /repos/${OPS}/pulls`, { head: branch, base, title: branch }, token);
  if (opened.status !== 201) {
    throw new Error(`The pull request of ${branch} was not opened: ${JSON.stringify(opened.body)}`);
  }
  return Number(at(opened.body, 'number'));
}

/** What the gate's check run on a commit says: `failure: Refused …`; `none` where the ops App made none. */
export async function verdictOn({ stage }: Guarded, head: string, name = GATE): Promise<string> {
  const { body } = await rest(
    stage,
    `GET /repos/${OPS}/commits/${head}/check-runs?check_name=${encodeURIComponent(name)}`,
  );
  const all = Array.from({ length: Number(at(body, 'total_count')) }, (_, index) => ['check_runs', index] as const);
  const own = all.find((run) => at(body, ...run, 'app', 'slug') === APPS.ops);
  return own === undefined ? 'none' : `${at(body, ...own, 'conclusion')}: ${at(body, ...own, 'output', 'title')}`;
}

/** Somebody's attempt to merge a pull request. @returns `merged`, or GitHub's refusal */
export async function merge({ stage, person }: Guarded, number: number, token = person('mallory')): Promise<string> {
  const { status, body } = await rest(stage, `PUT /repos/${OPS}/pulls/${number}/merge`, {}, token);
  return status === 200 ? 'merged' : at(body, 'message');
}

/** Somebody's review of a pull request, of its newest commit. @returns its id */
export async function review(
  { stage, person }: Guarded,
  number: number,
  login: string,
  event = 'APPROVE',
  token = person(login),
): Promise<string> {
  const { status, body } = await rest(stage, `POST /repos/${OPS}/pulls/${number}/reviews`, { event, body: 'x' }, token);
  if (status !== 200) {
    throw new Error(`The review of ${login} was not taken: ${JSON.stringify(body)}`);
  }
  return at(body, 'id');
}

export { at, rest };
