import type { App } from '../../apps/app.js';
import { liesIn } from '../../apps/lies-in.js';
import { touchedApps } from '../../apps/touched.js';
import type { Git } from '../../git/git.js';
import type { AppTag } from '../tags.js';

interface Pair {
  app: App;
  tag: AppTag;
}

/**
 * The releases whose files are still the same: the app's folder and all that belongs to it elsewhere have the ids that they
 * had then. Takes one git process for all of them, and one more for an app with patterns, or with places around other apps,
 * whose ids say nothing.
 *
 * @param pairs apps with the releases to compare HEAD with; their commits are in the local repository
 * @returns whether an app's files are those of a release, for the pairs asked about
 */
export async function readUnchanged(
  git: Git,
  { head, pairs }: { head: string; pairs: readonly Pair[] },
): Promise<(app: App, tag: AppTag) => boolean> {
  const questions = pairs.map(({ app, tag }) => {
    const paths = wholePlaces(app);
    return [head, tag.commit].map((commit) => paths.map((path) => objectName(commit, path)));
  });
  const names = [...new Set(questions.flat(2))];
  const answer = names.length === 0 ? '' : await git.read(['cat-file', '--batch-check'], `${names.join('\n')}\n`);
  const lines = answer.split('\n');
  // A path that does not exist is answered with its name and "missing".
  const ids = new Map(names.map((name, index) => [name, /^([0-9a-f]{40,64}) /.exec(lines[index] ?? '')?.[1]]));
  const same: Pair[] = [];
  for (const [index, pair] of pairs.entries()) {
    const [now = [], then = []] = questions[index] ?? [];
    const equal =
      ids.get(now[0] ?? '') !== undefined && now.every((name, at) => ids.get(name) === ids.get(then[at] ?? ''));
    if (equal && !(isOpen(pair.app) && (await isTouched(git, head, pair)))) {
      same.push(pair);
    }
  }
  return (app, { name }) => same.some((pair) => pair.app === app && pair.tag.name === name);
}

/** The places of an app whose every path is its own. */
function wholePlaces({ path, shared, outside = [], dependencies = [], apart = [] }: App): string[] {
  const own = [...outside, ...dependencies].filter((place) => !apart.some((folder) => liesIn(folder, place)));
  return [path, ...shared, ...own];
}

/** Whether more belongs to an app than whole places. */
function isOpen({ patterns, apart }: App): boolean {
  return patterns !== undefined || apart !== undefined;
}

async function isTouched(git: Git, head: string, { app, tag }: Pair): Promise<boolean> {
  const flags = ['-r', '-z', '--name-only', '--no-renames', '--no-relative', '--ignore-submodules=none'];
  const listing = await git.read(['diff-tree', ...flags, tag.commit, head, '--']);
  return (
    touchedApps(
      [app],
      listing.split('\0').filter((path) => path !== ''),
    ).length > 0
  );
}

function objectName(commit: string, path: string): string {
  return path === '.' ? `${commit}^{tree}` : `${commit}:${path}`;
}
