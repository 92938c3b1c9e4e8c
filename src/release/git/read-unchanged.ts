import type { App } from '../../apps/app.js';
import type { Git } from '../../git/git.js';
import type { AppTag } from '../tags.js';

/**
 * The releases whose files are still the same: the app's folder and its shared paths have the ids that they had then.
 * Takes one git process for all of them.
 *
 * @param pairs apps with the releases to compare HEAD with; their commits are in the local repository
 * @returns whether an app's files are those of a release, for the pairs asked about
 */
export async function readUnchanged(
  git: Git,
  { head, pairs }: { head: string; pairs: readonly { app: App; tag: AppTag }[] },
): Promise<(app: App, tag: AppTag) => boolean> {
  const questions = pairs.map(({ app, tag }) => {
    const paths = [app.path, ...app.shared, ...(app.dependencies ?? [])];
    return [head, tag.commit].map((commit) => paths.map((path) => objectName(commit, path)));
  });
  const names = [...new Set(questions.flat(2))];
  const answer = names.length === 0 ? '' : await git.read(['cat-file', '--batch-check'], `${names.join('\n')}\n`);
  const lines = answer.split('\n');
  // A path that does not exist is answered with its name and "missing".
  const ids = new Map(names.map((name, index) => [name, /^([0-9a-f]{40,64}) /.exec(lines[index] ?? '')?.[1]]));
  const same = pairs.filter((_pair, index) => {
    const [now = [], then = []] = questions[index] ?? [];
    return ids.get(now[0] ?? '') !== undefined && now.every((name, at) => ids.get(name) === ids.get(then[at] ?? ''));
  });
  return (app, { name }) => same.some((pair) => pair.app === app && pair.tag.name === name);
}

function objectName(commit: string, path: string): string {
  return path === '.' ? `${commit}^{tree}` : `${commit}:${path}`;
}
