import semver from 'semver';
import type { App } from '../../src/apps/app.js';
import { type Git, openGit } from '../../src/git/git.js';
import { factsWith } from '../../src/release/facts.js';
import { parseTags, type RemoteTag } from '../../src/release/git/read-tags.js';
import { History } from '../../src/release/history.js';
import { type Plan, planRelease, type ReleaseRules } from '../../src/release/plan.js';
import { type AppTag, tagsByApp } from '../../src/release/tags.js';
import { isPrerelease } from '../../src/release/version.js';

/** What is played again. */
export interface Replayed {
  /** A folder with all of the history and its tags; a bare repository will do. */
  folder: string;
  /** The one app whose releases are looked at. */
  app: App;
  rules: ReleaseRules;
  /** Releases up to this one are not looked at: `0.0.0` for none. */
  after: string;
}

/** A stable release that a project has made, and the one that this project would have made then. */
export interface Row {
  tag: string;
  /** Its version. */
  actual: string;
  /** The release before it in its history. */
  last: string;
  /** Our version, or why there is none: `unchanged`, `blocked`, … */
  ours: string;
  plan: Plan;
}

/** What is known of all releases at once. */
interface Past {
  git: Git;
  tags: readonly AppTag[];
  all: readonly RemoteTag[];
  history: History;
  /** Seconds since 1970 by commit. */
  dates: ReadonlyMap<string, number>;
}

/**
 * Plans each stable release of a history as it would have been planned at its commit, with the tags that were there then.
 * The first release is left out, since nothing says which number it should have.
 *
 * @returns oldest version first
 */
export async function replay(asked: Replayed): Promise<Row[]> {
  const past = await readPast(asked);
  const targets = past.tags.filter(({ version }) => !isPrerelease(version) && semver.gt(version, asked.after));
  const rows: Row[] = [];
  for (const target of targets.reverse()) {
    const row = await replayOne(target, past, asked);
    if (row !== undefined) {
      rows.push(row);
    }
  }
  return rows;
}

async function readPast({ folder, app, rules }: Replayed): Promise<Past> {
  const git = openGit({ cwd: folder, serverUrl: 'file://', repository: 'nowhere' });
  const all = parseTags(await git.read(['show-ref', '--tags', '--dereference']).then(asListing));
  const tags = tagsByApp(all, { format: rules.format, apps: [app] }).get(app.name) ?? [];
  const tips = `${tags.map(({ commit }) => commit).join('\n')}\n`;
  const graph = await git.read(['rev-list', '--topo-order', '--parents', '--stdin'], tips);
  const dates = await git.read(['log', '--no-walk', '--format=%H %ct', '--stdin'], tips);
  return {
    git,
    tags,
    all,
    history: new History(lines(graph).map((line) => line.split(' '))),
    dates: new Map(lines(dates).map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])])),
  };
}

/** What `git show-ref` prints as `git ls-remote` prints it. */
function asListing(text: string): string {
  return text.replace(/^(\S+) /gm, '$1\t');
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

async function replayOne(target: AppTag, past: Past, { app, rules }: Replayed): Promise<Row | undefined> {
  const { git, history, dates } = past;
  const head = target.commit;
  const reach = history.reach(head);
  // Tags of other commits that are older are of other lines; later ones and those that the commit got with it were not there.
  const before = (commit: string) =>
    commit !== head && (reach.has(commit) || (dates.get(commit) ?? Infinity) < (dates.get(head) ?? 0));
  const last = past.tags.find(({ commit, version }) => commit !== head && reach.has(commit) && !isPrerelease(version));
  if (last === undefined) {
    return undefined;
  }
  const [facts] = await factsWith(
    past.all.filter(({ commit }) => before(commit)),
    git,
    { head, apps: [app], selected: new Set([app.name]), format: rules.format, prerelease: undefined },
  );
  if (facts === undefined) {
    throw new Error(`Nothing was planned for ${app.name} at ${target.name}.`);
  }
  const plan = planRelease(facts, rules);
  const ours = plan.kind === 'release' ? plan.version : plan.kind;
  return { tag: target.name, actual: target.version, last: last.version, ours, plan };
}
