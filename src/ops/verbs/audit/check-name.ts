import { AUDIT_CHECK } from '../../policy/gate-check.js';

/**
 * The check run by which the audit remembers what it has judged of a branch. Each has one of its own: a commit of one may reach another one, where it was not judged.
 *
 * @param branch one that environments live on; `undefined` for the default branch
 */
export function auditCheckOf(branch: string | undefined): string {
  return branch === undefined ? AUDIT_CHECK : `${AUDIT_CHECK} into ${branch}`;
}
