import { plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { changeCells, HEADS } from './change-cells.js';
import type { WatchedChange } from './changes.js';

/** What our comment on a pull request is known by. */
export const MARKER = '<!-- ostack:live -->';

/** The comment on the pull request that brought versions: whether they are live. */
export function liveComment(changes: readonly WatchedChange[]): string {
  const rows = changes.map((change) => {
    const { app, version } = change;
    return [`${plain(app)}${version === null ? '' : ` ${codeVersion(version)}`}`, ...changeCells(change, '')];
  });
  return `${MARKER}\n${table(HEADS, rows)}\n`;
}
