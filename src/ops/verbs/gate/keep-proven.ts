import type { Connected } from '../../../github/connected.js';
import { fullRepository } from '../../carriers/image-reference.js';
import { keepProofs } from '../../evidence/kept-checks.js';
import { type KeptProof, ruleKey } from '../../evidence/kept-proofs.js';
import type { HeadVerdict } from '../../judgement/head-verdict.js';

/**
 * Keeps what was proven of the pull requests of a verdict at their own heads, whatever else the verdict says: evidence may be gone
 * when approvals are there, or when the audit comes. What is kept already asks nothing.
 *
 * @returns the number of check runs that were written
 * @throws Error naming the permission that the token lacks
 */
export async function keepProven(
  ops: Connected,
  app: string,
  { pulls }: Pick<HeadVerdict, 'pulls'>,
  detailsUrl: string,
): Promise<number> {
  let written = 0;
  for (const [head, proofs] of newProofs(pulls)) {
    written += await keepProofs(ops, app, head, proofs, detailsUrl);
  }
  return written;
}

/** What was proven and is not kept yet, by head. */
export function newProofs(pulls: HeadVerdict['pulls']): Map<string, KeptProof[]> {
  const found = new Map<string, KeptProof[]>();
  for (const { head, verdicts } of pulls) {
    const proven = verdicts.flatMap((verdict) => verdict.proven ?? []).filter(({ isKept }) => !isKept);
    const proofs = proven.map(({ image, by: { run, commit } }) => ({
      ...{ repository: fullRepository(image.repository), digest: image.digest, run, commit },
      rule: ruleKey(image.builtBy),
    }));
    if (proofs.length > 0) {
      found.set(head, [...(found.get(head) ?? []), ...proofs]);
    }
  }
  return found;
}
