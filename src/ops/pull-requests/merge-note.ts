import { code, plain } from '../../report/markdown.js';
import { MERGE_WHEN_ALLOWED, type MergeDecision, notYetSentences } from '../policy/merge-decision.js';
import { withFirstBlock, withoutBlock } from './body-block.js';

/** Names the block in a pull request's text. */
const VERB = 'merge';

/** Why somebody who took the label off is not contradicted. */
export const TAKEN_OFF = `somebody took the label ${MERGE_WHEN_ALLOWED} off, so a person merges it`;

/**
 * The text of a pull request with a note on top that says why it is not merged yet and when it is; without one where nothing
 * keeps it back.
 */
export function withMergeNote(body: string, { notYet, whenAllowed, merges }: MergeDecision): string {
  if (notYet === undefined) {
    return withoutBlock(VERB, body);
  }
  const label = whenAllowed
    ? ` The label ${code(MERGE_WHEN_ALLOWED)} has the workflow *Merge what is due* do that: take it off to merge by hand.`
    : '';
  return withFirstBlock(
    VERB,
    body,
    '',
    `> [!NOTE]\n> **Not yet:** ${plain(notYetSentences(notYet, whenAllowed || merges))}${label}`,
  );
}

/** The rest of a sentence that says what happens to it: empty where nothing keeps it back. */
export function notYetReason({ notYet, whenAllowed, merges }: MergeDecision): string {
  if (notYet === undefined) {
    return '';
  }
  const fact = `not yet: ${notYet.fact.replace(/\.$/, '')}`;
  return whenAllowed && !merges ? `${fact}; it merges by itself once the policy allows it` : fact;
}
