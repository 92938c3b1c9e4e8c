import type { App } from '../../apps/app.js';
import type { Git } from '../../git/git.js';
import type { AppTag } from '../tags.js';

/** Most files that git compares with each other to find those that moved. */
const MOST_COMPARED = 5000;

/**
 * Where the folders of apps were at a release: at the same place, elsewhere, or nowhere. Takes one git process, one more for
 * each release at which a folder was not at its place, and two for each of several that seem to come from one folder.
 *
 * @param pairs apps with a release each, whose commits are in the local repository
 * @returns by app; `undefined` where it did not exist
 */
export async function readMoves(
  git: Git,
  { head, pairs }: { head: string; pairs: readonly { app: App; tag: AppTag }[] },
): Promise<ReadonlyMap<App, string | undefined>> {
  const asked = pairs.filter(({ app }) => app.path !== '.');
  const names = asked.map(({ app, tag }) => `${tag.commit}:${app.path}`);
  const answer = names.length === 0 ? '' : await git.read(['cat-file', '--batch-check'], `${names.join('\n')}\n`);
  const lines = answer.split('\n');
  const places = new Map<App, string | undefined>(pairs.map(({ app }) => [app, app.path]));
  const moved = asked.filter((_pair, index) => !/^[0-9a-f]{40,64} tree /.test(lines[index] ?? ''));
  const renames = new Map<string, [from: string, to: string][]>();
  const claims: Claim[] = [];
  for (const { app, tag } of moved) {
    const known = renames.get(tag.commit) ?? (await readRenames(git, tag.commit, head));
    renames.set(tag.commit, known);
    const folder = origin(app.path, known);
    places.set(app, undefined);
    claims.push(...(folder === undefined ? [] : [{ app, commit: tag.commit, folder }]));
  }
  for (const { app, folder } of await strongest(git, head, claims)) {
    places.set(app, folder);
  }
  return places;
}

/** An app whose folder seems to have moved from another one, as far as files that look alike can tell. */
interface Claim {
  app: App;
  commit: string;
  folder: string;
}

/** A folder moved to one place: where the most of its files are. Elsewhere are copies of some, as of a Dockerfile. */
async function strongest(git: Git, head: string, claims: readonly Claim[]): Promise<Claim[]> {
  const isRival = (one: Claim, other: Claim) => one.commit === other.commit && one.folder === other.folder;
  const rated = await Promise.all(
    claims.map(async (claim) => {
      const alone = claims.filter((other) => isRival(claim, other)).length === 1;
      const files = alone ? [] : await filesOf(git, claim.commit, claim.folder);
      const now = new Set(alone ? [] : await filesOf(git, head, claim.app.path));
      return { claim, kept: files.filter((file) => now.has(file)).length };
    }),
  );
  return rated
    .filter((one) => !rated.some((other) => isRival(one.claim, other.claim) && other.kept > one.kept))
    .map(({ claim }) => claim);
}

async function filesOf(git: Git, commit: string, folder: string): Promise<string[]> {
  const tree = folder === '.' ? `${commit}^{tree}` : `${commit}:${folder}`;
  return (await git.read(['ls-tree', '-r', '-z', '--full-tree', '--name-only', tree])).split('\0');
}

/** The folder that most of the moved files of a folder come from. */
function origin(path: string, renames: readonly [from: string, to: string][]): string | undefined {
  const votes = new Map<string, number>();
  for (const [from, to] of renames) {
    const rest = to.startsWith(`${path}/`) ? to.slice(path.length + 1) : undefined;
    if (rest !== undefined && (from === rest || from.endsWith(`/${rest}`))) {
      const folder = from === rest ? '.' : from.slice(0, -rest.length - 1);
      votes.set(folder, (votes.get(folder) ?? 0) + 1);
    }
  }
  return [...votes].sort(([, a], [, b]) => b - a)[0]?.[0];
}

async function readRenames(git: Git, base: string, head: string): Promise<[from: string, to: string][]> {
  const flags = ['-r', '-z', '-M', `-l${MOST_COMPARED}`, '--diff-filter=R', '--name-status', '--no-relative'];
  const parts = (await git.read(['diff-tree', ...flags, base, head, '--'])).split('\0');
  const renames: [string, string][] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    renames.push([parts[at + 1] ?? '', parts[at + 2] ?? '']);
  }
  return renames;
}
