import { recordText } from '../../../src/materialize/manifests/record.js';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { type BranchDeed, RENDERED, rendered, tip } from '../support/branches.js';
import { APPS, type Guarded, merge, open, runAudit, runGate, verdictOn } from '../support/guarded.js';
import { push } from '../support/push.js';

const BRANCH = 'ostack/materialize/env/rend';
const AUDIT = `oStack / audit into ${RENDERED}`;
const ROLE = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: everything\n';

/** What the gate says of a branch that somebody pushed and somebody opened. */
async function proposed(
  ops: Guarded,
  files: Record<string, string>,
  [pushed, opened]: [string, string],
  branch = BRANCH,
): Promise<string> {
  const { head, refusal } = await push(ops, { token: pushed, from: RENDERED, to: `refs/heads/${branch}`, files });
  const number = await open(ops, branch, { base: RENDERED, token: opened });
  await runGate(ops);
  return `${refusal ?? ''}${await verdictOn(ops, head, `oStack / gate into ${RENDERED}`)} | ${await merge(ops, number)}`;
}

/** The files of a rendering with one more, and the list beside them that says so. */
async function withRole(ops: Guarded): Promise<Record<string, string>> {
  const [[path, text] = ['', '']] = Object.entries(await rendered(ops, '1.6.0'));
  const source = `acme/ops@${await tip(ops, 'main')}`;
  const ids = new Map([path, 'role-everything.yaml'].map((each) => [each, blobId(each === path ? text : ROLE)]));
  return { [path]: text, 'role-everything.yaml': ROLE, '.ostack-materialized': recordText({ source, files: ids }) };
}

/** Somebody writes what materialize would, with its list and its branch, and more; or adds to what the ops App proposed. */
export const deed: BranchDeed = {
  async attack(ops) {
    const mallory = ops.person('mallory');
    const app = await ops.take({ contents: 'write', pull_requests: 'write' });
    await runAudit(ops);
    await ops.repository.commit(RENDERED, await rendered(ops, '1.6.0'), 'straight');
    await runAudit(ops);
    const straight = await verdictOn(ops, await tip(ops, RENDERED), AUDIT);
    await ops.repository.commit(RENDERED, await rendered(ops, '1.5.0'), 'back');
    const own = await proposed(ops, await withRole(ops), [mallory, mallory]);
    return `${straight} || ${own} || ${await proposed(ops, await rendered(ops, '1.6.0'), [mallory, app], `${BRANCH}-2`)}`;
  },
  refused: new RegExp(
    `^failure: Not permitted\\. See #\\d+\\. rend: By hand: it was pushed straight to the branch\\..* \\|\\| failure: Refused by rend: By hand: mallory opened it, mallory pushed to it, and not the ops App alone\\..* \\|\\| failure: Refused by rend: By hand: ${APPS.ops} opened it, mallory pushed`,
    's',
  ),
  async honest(ops) {
    const app = await ops.take({ contents: 'write', pull_requests: 'write' });
    await runAudit(ops);
    const merged = await proposed(ops, await rendered(ops, '1.6.0'), [app, app]);
    await runAudit(ops);
    return `${merged} | ${await verdictOn(ops, await tip(ops, RENDERED), AUDIT)}`;
  },
  allowed: /^success: Allowed: rend: Takes web 1\.6\.0\. \| merged \| success: The policy permits it/,
};
