import { cutMarkdown } from '../../report/cut.js';
import { code, details, fenced, plain, table } from '../../report/markdown.js';
import { cutToBytes } from '../../report/summary.js';
import type { ResourceChange } from './compare.js';
import type { ChangeGroup } from './groups.js';

/**
 * What changes in the clusters, Markdown: what stands out on top, numbers for each environment and app, and the diffs
 * folded.
 *
 * @param limitBytes diffs that do not fit are left out, and how many is said
 */
export function resourcesMarkdown(groups: readonly ChangeGroup[], limitBytes: number): string {
  const busy = groups.filter(({ changes }) => changes.length > 0);
  if (busy.length === 0) {
    return 'Nothing that runs in the clusters changes.';
  }
  const head = [flags(busy), numbers(busy)].filter((part) => part !== '').join('\n\n');
  const start = cutMarkdown(head, Math.max(0, limitBytes));
  return [start, ...diffs(busy, limitBytes - Buffer.byteLength(start) - 200)].join('\n\n');
}

function flags(groups: readonly ChangeGroup[]): string {
  const lines = groups.flatMap((group) =>
    group.changes.flatMap(({ flag, namespace }) =>
      flag === undefined
        ? []
        : [`> - ${placeOf(group)}${namespace === '' ? '' : `, namespace ${code(namespace)}`}: ${plain(flag)}`],
    ),
  );
  return lines.length === 0 ? '' : ['> [!CAUTION]', ...lines].join('\n');
}

function numbers(groups: readonly ChangeGroup[]): string {
  const withApps = groups.some(({ app }) => app !== '');
  const rows = groups.map(({ environment, app, changes }) => {
    const count = (action: ResourceChange['action']) => {
      const number = changes.filter((change) => change.action === action).length;
      return number === 0 ? '' : String(number);
    };
    return [plain(environment), ...(withApps ? [plain(app)] : []), count('added'), count('changed'), count('removed')];
  });
  return table(['environment', ...(withApps ? ['app'] : []), 'added', 'changed', 'removed'], rows);
}

function diffs(groups: readonly ChangeGroup[], limitBytes: number): string[] {
  let left = limitBytes;
  // One long diff leaves room for others.
  const most = Math.max(4000, Math.floor(limitBytes / 4));
  const parts: string[] = [];
  for (const [index, group] of groups.entries()) {
    const body = group.changes.map((change) => oneDiff(change, most)).join('\n\n');
    const part = details(`${titleOf(group)}: ${sum(group.changes)}`, body);
    left -= Buffer.byteLength(part) + 2;
    if (left < 0) {
      const more = groups.length - index;
      parts.push(`_The differences of ${more === 1 ? 'one more' : `${more} more`} did not fit here._`);
      break;
    }
    parts.push(part);
  }
  return parts;
}

function oneDiff({ action, kind, namespace, name, previousName, diff }: ResourceChange, most: number): string {
  const from = previousName === undefined ? '' : `, before ${code(previousName)}`;
  const where = namespace === '' ? '' : ` in ${code(namespace)}`;
  return `**${action}** ${plain(kind)} ${code(name)}${where}${from}\n\n${fenced('diff', cutToBytes(diff, most))}`;
}

function sum(changes: readonly ResourceChange[]): string {
  return (['added', 'changed', 'removed'] as const)
    .map((action) => ({ action, number: changes.filter((change) => change.action === action).length }))
    .filter(({ number }) => number > 0)
    .map(({ action, number }) => `${number} ${action}`)
    .join(', ');
}

function titleOf({ environment, app }: ChangeGroup): string {
  return app === '' ? environment : `${environment} / ${app}`;
}

function placeOf(group: ChangeGroup): string {
  return `**${plain(titleOf(group))}**`;
}
