import { cutMarkdown } from '../../report/cut.js';
import { code, details, fenced, plain, table } from '../../report/markdown.js';
import type { ChangeGroup } from './change-groups.js';
import type { ResourceChange } from './compare-resources.js';

/** How many flags are listed; further ones are only counted. */
const MAX_FLAGS = 40;
/** A table with more rows is collapsed. */
const MAX_OPEN_ROWS = 25;
/** How many apps and environments are named for a difference that is the same in several. */
const MAX_NAMED_GROUPS = 4;

/**
 * The changes in the clusters as Markdown: first the flags, then a table with numbers for each environment and app, and
 * then the collapsed diffs. A difference that is the same for several apps or environments is shown once.
 *
 * @param limitBytes size of the Markdown; what does not fit is left out and counted
 */
export function resourcesMarkdown(groups: readonly ChangeGroup[], limitBytes: number): string {
  const busy = groups.filter(({ changes }) => changes.length > 0);
  if (busy.length === 0) {
    return 'Nothing that runs in the clusters changes.';
  }
  const top = flags(busy);
  const left = limitBytes - Buffer.byteLength(top) - 4;
  const table = countsTable(busy, left / 2);
  const parts = [top, table, ...diffs(busy, left - Buffer.byteLength(table) - 200)].filter((part) => part !== '');
  return cutMarkdown(parts.join('\n\n'), Math.max(0, limitBytes));
}

function flags(groups: readonly ChangeGroup[]): string {
  const lines = groups.flatMap((group) =>
    group.changes.flatMap(({ flag, namespace }) =>
      flag === undefined
        ? []
        : [`> - ${boldTitleOf(group)}${namespace === '' ? '' : `, namespace ${code(namespace)}`}: ${plain(flag)}`],
    ),
  );
  const more = lines.length - MAX_FLAGS;
  const shown = more > 0 ? [...lines.slice(0, MAX_FLAGS), `> - and ${more} more: see the whole report.`] : lines;
  return shown.length === 0 ? '' : ['> [!CAUTION]', ...shown].join('\n');
}

function countsTable(groups: readonly ChangeGroup[], limitBytes: number): string {
  const withApps = groups.some(({ app }) => app !== '');
  const rows = groups.map(({ environment, app, changes }) => {
    const count = (action: ResourceChange['action']) => {
      const number = changes.filter((change) => change.action === action).length;
      return number === 0 ? '' : String(number);
    };
    return [plain(environment), ...(withApps ? [plain(app)] : []), count('added'), count('changed'), count('removed')];
  });
  const head = ['environment', ...(withApps ? ['app'] : []), 'added', 'changed', 'removed'];
  const fitting = rows.slice(0, fittingRows(rows, limitBytes - 400));
  const more = rows.length - fitting.length;
  const body = [table(head, fitting), ...(more > 0 ? [`_${more} more did not fit here._`] : [])].join('\n\n');
  const total = countsOf(groups.flatMap(({ changes }) => changes));
  const environments = new Set(groups.map(({ environment }) => environment)).size;
  const places = `${groups.length} places, ${environments === 1 ? 'one environment' : `${environments} environments`}`;
  return rows.length <= MAX_OPEN_ROWS ? body : details(`${places}: ${total}`, body);
}

/** How many rows of a table fit into a size in bytes. */
function fittingRows(rows: readonly (readonly string[])[], limitBytes: number): number {
  let left = limitBytes;
  const at = rows.findIndex((row) => {
    left -= Buffer.byteLength(row.join(' | ')) + 6;
    return left < 0;
  });
  return at < 0 ? rows.length : at;
}

/** Groups with the same changes of the same objects. */
interface SameChanges {
  groups: ChangeGroup[];
  changes: readonly ResourceChange[];
}

function groupSameChanges(groups: readonly ChangeGroup[]): SameChanges[] {
  const found = new Map<string, SameChanges>();
  for (const group of groups) {
    const key = JSON.stringify(group.changes.map(({ action, kind, name, diff }) => [action, kind, name, diff]));
    const same = found.get(key) ?? { groups: [], changes: group.changes };
    same.groups.push(group);
    found.set(key, same);
  }
  return [...found.values()];
}

function diffs(groups: readonly ChangeGroup[], limitBytes: number): string[] {
  let left = limitBytes;
  // A long diff must leave room for others.
  const most = Math.max(4000, Math.floor(limitBytes / 4));
  const parts: string[] = [];
  const all = groupSameChanges(groups);
  for (const [index, one] of all.entries()) {
    const body = one.changes.map((change) => oneDiff(change, most, one.groups.length > 1)).join('\n\n');
    const part = details(`${titlesOf(one)}: ${countsOf(one.changes)}${one.groups.length > 1 ? ' each' : ''}`, body);
    left -= Buffer.byteLength(part) + 2;
    if (left < 0) {
      const more = all.length - index;
      parts.push(`_${more === 1 ? 'One more difference' : `${more} more differences`} did not fit here._`);
      break;
    }
    parts.push(part);
  }
  return parts;
}

function titlesOf({ groups }: SameChanges): string {
  const titles = groups.map(titleOf);
  const more = titles.length - MAX_NAMED_GROUPS;
  return more > 1 ? `${titles.slice(0, MAX_NAMED_GROUPS).join(', ')} and ${more} more` : titles.join(', ');
}

/** @param several whether it is shown for several groups, whose namespaces may differ */
function oneDiff(change: ResourceChange, most: number, several: boolean): string {
  const { action, kind, namespace, name, previousName, diff } = change;
  const from = previousName === undefined ? '' : `, before ${code(previousName)}`;
  const where = namespace === '' || several ? '' : ` in ${code(namespace)}`;
  return `**${action}** ${plain(kind)} ${code(name)}${where}${from}\n\n${fenced('diff', cutLines(diff, most))}`;
}

/** Cuts a text after a line, and adds how many lines follow. */
function cutLines(text: string, limitBytes: number): string {
  const lines = text.replace(/\n$/, '').split('\n');
  let left = limitBytes;
  const at = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  return at < 0 ? text : `${lines.slice(0, at).join('\n')}\n… and ${lines.length - at} more lines`;
}

function countsOf(changes: readonly ResourceChange[]): string {
  return (['added', 'changed', 'removed'] as const)
    .map((action) => ({ action, number: changes.filter((change) => change.action === action).length }))
    .filter(({ number }) => number > 0)
    .map(({ action, number }) => `${number} ${action}`)
    .join(', ');
}

function titleOf({ environment, app }: ChangeGroup): string {
  return app === '' ? environment : `${environment} / ${app}`;
}

function boldTitleOf(group: ChangeGroup): string {
  return `**${plain(titleOf(group))}**`;
}
