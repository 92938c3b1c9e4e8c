import { visibleLine } from '../../../report/visible.js';
import { parseTrailers } from '../../ledger/trailers.js';
import type { CommitMessage } from '../../tree/change.js';

/**
 * The message of a squashed commit, where the commits of a pull request have trailers: that of the last one that has, so that
 * the history tells what it deploys. The other commits are named in it.
 *
 * @param messages of its commits, oldest first
 * @returns `undefined` where none has trailers: GitHub's own message is as good then
 */
export function squashMessage(messages: readonly string[]): { message: CommitMessage; others: string[] } | undefined {
  const last = messages.findLast((message) => parseTrailers(message) !== undefined);
  if (last === undefined) {
    return undefined;
  }
  const [headline = '', ...rest] = last.trim().split('\n');
  const others = messages.filter((message) => parseTrailers(message) === undefined).map(firstLine);
  return { message: { headline, body: rest.join('\n').trim() }, others };
}

function firstLine(message: string): string {
  return visibleLine(message.split('\n', 1)[0] ?? '');
}
