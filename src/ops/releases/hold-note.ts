import type { Alongside } from '../pull-requests/alongside.js';
import { withFirstBlock, withoutBlock } from '../pull-requests/body-block.js';
import { updatePullRequest } from '../pull-requests/work-mutations.js';
import type { PullRequest } from '../repository/pull-request.js';

/** Names the block in a pull request's text. */
const VERB = 'hold';

/** The text of a release's pull request with a note on top that a hold keeps it waiting. @param note Markdown */
export function withHoldNote(body: string, note: string): string {
  return withFirstBlock(VERB, body, '', note);
}

/** The text without that note. */
export function withoutHoldNote(body: string): string {
  return withoutBlock(VERB, body);
}

/** What changes the text of an open pull request so, or nothing where it says so already. */
export function textChange({ id, number, body }: PullRequest, wanted: string): Alongside[] {
  const { name, input, select } = updatePullRequest('', id, { body: wanted });
  return wanted === body
    ? []
    : [{ mutation: { name, input, select }, otherwise: `The note about the hold in #${number} could not be updated` }];
}
