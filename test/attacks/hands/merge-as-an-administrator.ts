import { at, type Guarded, merge, OPS, rest, runAudit, verdictOn } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import type { Pull } from '../support/judged.js';

/** What the audit says of a merge, and which issue it opens. */
async function merged(ops: Guarded, { number }: Pull): Promise<string> {
  await runAudit(ops);
  const how = await merge(ops, number, ops.person('ada'));
  const head = (await ops.repository.refs())['refs/heads/main'] ?? '';
  await runAudit(ops);
  const { body } = await rest(ops.stage, `GET /repos/${OPS}/issues?labels=ostack-audit`);
  return `${how} | ${await verdictOn(ops, head, 'oStack / audit')} | ${at(body, 0, 'title')}`;
}

/** Administrators can take the rules away, and merge whatever they like: it does not stay unseen. */
export const deed: Deed = {
  async attack(ops, { evil }) {
    ops.repository.ruleset('oStack gate', undefined);
    return merged(ops, evil);
  },
  refused:
    /^merged \| failure: Not permitted\. See #\d+\. production: .* \| [0-9a-f]{7} reached production past the policy$/,
  async honest(ops, { good }) {
    return merged(ops, good);
  },
  allowed: /^merged \| success: The policy permits it \(#\d+\)\. \| undefined$/,
};
