import { code, plain } from '../../../../report/markdown.js';
import { utc } from '../../../../report/time.js';
import type { GivenCommand } from './judge-command.js';

/** The hidden line by which the comment with answers is found. */
export function answersMarker(pullRequest: number): string {
  return `<!-- ostack:preview-answers ${pullRequest} -->`;
}

/** What was said, with nothing in it by which one of our own comments is found: this comment is ours. */
function echo(said: string): string {
  return said.replace(/[^\w /.-]/g, '?');
}

/** Most answers in the comment: who asks again and again fills one comment, and no more. */
const MOST_ANSWERS = 10;

const HEADING = '### Commands that came to nothing';

/**
 * The comment on a pull request that tells why commands came to nothing, Markdown: one for all of them, the newest last.
 *
 * @param before text of the comment as it is, `undefined` where there is none yet
 * @param answer why: one or more sentences
 */
export function renderAnswers(
  before: string | undefined,
  { pullRequest, said, by, at }: Pick<GivenCommand, 'pullRequest' | 'said' | 'by' | 'at'>,
  answer: string,
): string {
  const line = `- ${utc(at)}, ${plain(by)}, ${code(echo(said))}: ${plain(answer)}`;
  const lines = (before ?? '').replaceAll('\r\n', '\n').split('\n');
  const others = lines.filter((each) => each.startsWith('- ') && each !== line);
  return `${answersMarker(pullRequest)}\n${HEADING}\n\n${[...others, line].slice(-MOST_ANSWERS).join('\n')}\n`;
}
