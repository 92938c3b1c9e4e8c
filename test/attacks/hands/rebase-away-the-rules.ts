import { at, type Guarded, OPS, open, rest, runGate, verdictOn } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { ROLES } from '../support/plain.js';

const STRICT = ROLES.replace('[grace]', '[grace, heidi], approvals: 2');

/**
 * A branch from before the rules got stricter, with one commit that makes them so and one that takes that back: merged, it comes
 * to nothing, and rebased it takes the rules back.
 */
async function undoing(ops: Guarded, method: string): Promise<string> {
  const { repository, stage, person } = ops;
  await repository.setRef('refs/heads/undo', (await repository.refs())['refs/heads/main'] ?? null);
  await repository.commit('main', { 'ostack.yaml': STRICT }, 'stricter');
  await repository.commit('undo', { 'ostack.yaml': STRICT }, 'the same');
  const head = await repository.commit('undo', { 'ostack.yaml': ROLES }, 'and back');
  const number = await open(ops, 'undo');
  await runGate(ops);
  const path = `PUT /repos/${OPS}/pulls/${number}/merge`;
  const { status, body } = await rest(stage, path, { merge_method: method }, person('mallory'));
  const rules = (await repository.read('main', 'ostack.yaml')) === STRICT ? 'strict' : 'gone';
  return `${await verdictOn(ops, head)} | ${status === 200 ? 'merged' : at(body, 'message')} | rules are ${rules}`;
}

export const deed: Deed = {
  attack: (ops) => undoing(ops, 'rebase'),
  refused: /^success: .* \| .*rebase.* \| rules are strict$/is,
  honest: (ops) => undoing(ops, 'squash'),
  allowed: /^success: .* \| merged \| rules are strict$/,
};
