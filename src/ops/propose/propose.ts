import type { Connected } from '../../github/connected.js';
import type { Patience } from '../bump/merge.js';
import type { People } from '../bump/opening.js';
import type { BumpRequest } from '../bump/request.js';
import type { Look, Proposal, ProposalReport } from './proposal.js';

export interface ProposeOptions extends People {
  /** Commit to the default branch instead of opening pull requests. */
  direct: boolean;
  dryRun: boolean;
  mergeMethod: BumpRequest['mergeMethod'];
  patience: Patience;
  serverUrl: string;
}

/**
 * Sees to it that an ops repository has what a verb proposes: one pull request for each proposal, or one commit.
 *
 * Each round takes one look, prepares the proposals of it, plans them and writes with compare-and-swap. What somebody else
 * changed meanwhile is looked at and prepared again; nothing is ever rebased as text. A verb whose answer must not move with
 * the base (the version before the current one) remembers it from its first look.
 *
 * @param prepare makes the proposals of one look
 * @throws Error when the repository cannot be read, its policy or holds are broken, or `prepare` throws
 */
export async function propose<P extends Proposal>(
  _ops: Connected,
  _prepare: (look: Look) => Promise<P[]>,
  _options: ProposeOptions,
): Promise<ProposalReport<P>> {
  throw new Error('not there yet');
}
