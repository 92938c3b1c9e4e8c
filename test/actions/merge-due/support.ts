import type { LocalRepository, Stage } from '../../../src/local/stage.js';
import { at, rest } from '../../local/github/support.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import { ADA, open, opsStage, overlay, PRODUCTION, STAGING, stepEnvironment } from '../gate/support.js';

export const LABEL = 'ostack/merge-when-allowed';
export const CHECK = 'Ops check / Check';

/** What the job's token may do. */
export const GRANTED: Record<string, 'read' | 'write'> = {
  ...{
    contents: 'write',
    pull_requests: 'write',
    actions: 'write',
    checks: 'read',
    statuses: 'read',
    metadata: 'read',
  },
};

/** An ops repository without rules, as a private one is on a free plan. */
export interface Unguarded {
  stage: Stage;
  ops: LocalRepository;
  name: string;
  /** The job's own token: what it pushes starts nothing. */
  token: string;
}

export async function unguardedStage(policy: string, files: Record<string, string> = {}): Promise<Unguarded> {
  const { stage, ops, name } = await opsStage(policy, files);
  return { stage, ops, name, token: workflowToken(stage, name) };
}

/** A workflow's own token. */
export function workflowToken(stage: Stage, name: string, permissions = GRANTED): string {
  const grant = { actor: 'github-actions[bot]', startsWorkflows: false, repositories: [name], permissions };
  return stage.github.issueToken(grant);
}

/** Runs it as its workflow does. */
export function runMergeDue(
  { stage, name, token }: Unguarded,
  more: { inputs?: Record<string, string>; signal?: AbortSignal | undefined } = {},
): Promise<ActionResult> {
  return runAction({
    action: 'merge-due',
    inputs: { token, checks: CHECK, ...more.inputs },
    env: {
      ...stepEnvironment({ stage, name }),
      GITHUB_WORKFLOW_REF: `${name}/.github/workflows/merge-due.yml@refs/heads/main`,
    },
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });
}

/** A pull request with the label, whose check has passed. */
export async function propose(
  world: Unguarded,
  branch: string,
  files: Record<string, string>,
  { label = LABEL, check = 'success', message = branch }: { label?: string; check?: string; message?: string } = {},
): Promise<{ number: number; head: string }> {
  const { stage, ops, name } = world;
  const head = await ops.commit(branch, files, message, ADA);
  const number = await open({ stage, name }, branch);
  if (label !== '') {
    await rest(stage, `POST /repos/${name}/issues/${number}/labels`, { labels: [label] });
  }
  if (check !== '') {
    await report(world, head, check);
  }
  return { number, head };
}

/** What the check of pull requests reports about a head. */
export async function report({ stage, name }: Unguarded, head: string, conclusion: string, check = CHECK) {
  const token = stage.github.issueToken({ actor: 'github-actions[bot]' });
  const run = { name: check, head_sha: head, status: 'completed', conclusion };
  await rest(stage, `POST /repos/${name}/check-runs`, run, token);
}

/** `merged`, `open` or `closed`. */
export async function stateOf({ stage, name }: Unguarded, number: number): Promise<string> {
  const { body } = await rest(stage, `GET /repos/${name}/pulls/${number}`);
  return at(body, 'merged') === 'true' ? 'merged' : at(body, 'state');
}

export { ADA, at, overlay, PRODUCTION, rest, STAGING };
