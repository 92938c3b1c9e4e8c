import { runAction } from '../../support/run-action.js';
import { GATE, type Guarded, merge, OPS, rest, review, runGate, at as text, verdictOn } from './guarded.js';

/** A verb of ours, started by somebody with the key of the proposer. */
export interface Start {
  action: 'bump-ops-overlay' | 'promote' | 'rollback' | 'lift-hold';
  inputs: Record<string, string>;
  approvedBy?: readonly string[];
  /** Pushed by somebody to the branch of the pull request before it is judged. */
  pushed?: Record<string, string>;
}

/** A policy of production, with two people who may approve. */
export const rules = (more: string) =>
  `environments:\n  staging: {}\n  production: { cd: true, approvers: [grace, heidi], ${more} }\n`;

/** The rules of production, in force. */
export async function ruled(
  { repository }: Guarded,
  policy: string,
  files: Record<string, string> = {},
): Promise<void> {
  await repository.commit('main', { 'ostack.yaml': policy, ...files }, 'policy');
}

/**
 * Starts a verb, and tries to merge what it proposed: GitHub is asked to merge it as soon as it may, and then to merge it now.
 *
 * @returns what the gate says, and what came of it
 */
export async function start(ops: Guarded, { action, inputs, approvedBy = [], pushed }: Start): Promise<string> {
  const { stage, person, repository } = ops;
  const known = new Set((await openNumbers(ops)).keys());
  const run = await runAction({
    action,
    inputs: { token: ops.proposer, reason: 'Now', 'ops-repository': OPS, ...inputs },
    env: {
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_REPOSITORY: OPS,
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_RUN_ID: '7',
      GITHUB_ACTOR: 'mallory',
      PATH: '/nowhere',
    },
  });
  const [own] = [...(await openNumbers(ops))].filter(([number]) => !known.has(number));
  if (own === undefined) {
    return `nothing proposed: ${run.exitCode} ${run.stdout}`;
  }
  const [number, branch] = own;
  if (pushed !== undefined) {
    await repository.commit(branch, pushed, 'one thing more');
  }
  for (const login of approvedBy) {
    await review(ops, number, login);
  }
  await autoMerge(ops, number);
  await runGate(ops);
  const { body } = await rest(stage, `GET /repos/${OPS}/pulls/${number}`);
  const head = text(body, 'head', 'sha');
  return text(body, 'merged') === 'true'
    ? // What was allowed of it as a whole is withdrawn once it is merged.
      `${await verdictOn(ops, head, `${GATE} / production`)} | merged`
    : `${await verdictOn(ops, head)} | ${await merge(ops, number, person('mallory'))}`;
}

/** Asks GitHub to merge a pull request as soon as its checks allow. */
async function autoMerge({ stage, person }: Guarded, number: number): Promise<void> {
  const { body } = await rest(stage, `GET /repos/${OPS}/pulls/${number}`);
  const query = `mutation { enablePullRequestAutoMerge(input: { pullRequestId: "${text(body, 'node_id')}" }) { clientMutationId } }`;
  await fetch(stage.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${person('mallory')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
}

/** Branches of open pull requests by number. */
async function openNumbers({ stage }: Guarded): Promise<ReadonlyMap<number, string>> {
  const { body } = await rest(stage, `GET /repos/${OPS}/pulls`);
  const all = Array.isArray(body) ? body : [];
  return new Map(all.map((_, index) => [Number(text(body, index, 'number')), text(body, index, 'head', 'ref')]));
}
