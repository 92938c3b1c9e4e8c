import { isRequestFailure } from '../../github/errors.js';
import type { Snapshot } from '../repository/snapshot.js';
import type { Proposal } from './proposal.js';
import { type Survey, workFor } from './survey.js';
import { failureReason, type Work, writtenOf } from './work.js';
import type { WriteContext } from './write-context.js';
import { writeWorks } from './write-works.js';

/**
 * Closes the open pull request of a proposal that the default branch has by another way: a commit made directly. Merged
 * later, it would bring back what people have moved on from. Where it cannot be closed, a warning says so.
 *
 * @param reason why, the rest of a sentence: `my-app is not held in staging`
 * @returns the pull request that was closed, `undefined` where none was
 */
export async function closeProposed<P extends Proposal>(
  snapshot: Snapshot,
  execution: WriteContext,
  survey: Survey<P>,
  reason: string,
): Promise<{ number: number; url: string } | undefined> {
  const { open } = survey.branch;
  if (open === undefined) {
    return undefined;
  }
  const work = await workFor(snapshot, { ...survey, base: { state: 'nothing', reason } });
  const why = await refusalOf(execution, work);
  if (why === undefined) {
    return open;
  }
  snapshot.warn(`#${open.number} proposes what is done and could not be closed (${why}). Close it by hand.`);
  return undefined;
}

/** Closes. @returns why it could not, `undefined` where it could */
async function refusalOf(execution: WriteContext, work: Work): Promise<string | undefined> {
  try {
    return failureReason(writtenOf(await writeWorks(execution, [work]), work));
  } catch (error) {
    if (!(error instanceof Error) || !isRequestFailure(error)) {
      throw error;
    }
    return error.message;
  }
}
