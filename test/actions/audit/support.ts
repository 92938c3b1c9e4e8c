import type { Stage } from '../../../src/local/stage.js';
import { at, rest } from '../../local/github/support.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import { GRANTED, type Guarded, guardedStage, stepEnvironment } from '../gate/support.js';

export const AUDIT = 'oStack / audit';

/** What the ops App may do, and which part of it each token of the audit has. */
export const APP: Record<string, 'read' | 'write'> = {
  ...GRANTED,
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
};
const REPORTS = { checks: 'write', issues: 'write' };
const REVERTS = { contents: 'write', pull_requests: 'write' };
const READS = { checks: 'read', contents: 'read', pull_requests: 'read', statuses: 'read', actions: 'read' };

/** A guarded ops repository with the tokens of the audit. */
export interface Audited extends Guarded {
  tokens: { token: string; 'report-token': string; 'revert-token': string };
}

export async function auditedStage(policy: string, files: Record<string, string> = {}): Promise<Audited> {
  const guarded = await guardedStage(policy, files, APP);
  const take = (permissions: object) => guarded.take(permissions);
  const [token, reports, reverts] = [await take(READS), await take(REPORTS), await take(REVERTS)];
  return { ...guarded, tokens: { token, 'report-token': reports, 'revert-token': reverts } };
}

/** Runs the audit with its tokens, or with some of them. */
export function runAudit(
  { stage, name, tokens }: Audited,
  more: { inputs?: Record<string, string>; env?: Record<string, string>; signal?: AbortSignal | undefined } = {},
): Promise<ActionResult> {
  const { inputs = {}, env = {}, signal } = more;
  return runAction({
    action: 'audit',
    inputs: { ...tokens, 'app-slug': 'ostack-ops', ...inputs },
    env: { ...stepEnvironment({ stage, name }), ...env },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Issues and pull requests, oldest first: `issue by ostack-ops[bot]: … (open)`. */
export async function told({ stage, name }: { stage: Stage; name: string }): Promise<string[]> {
  const { body } = await rest(stage, `GET /repos/${name}/issues?state=all&direction=asc&per_page=100`);
  const all = Array.isArray(body) ? body : [];
  return all.map((_, index) => {
    const kind = at(body, index, 'pull_request') === 'undefined' ? 'issue' : 'pull request';
    return `${kind} by ${at(body, index, 'user', 'login')}: ${at(body, index, 'title')} (${at(body, index, 'state')})`;
  });
}
