import { readAttributions } from '../../release/attributions.js';
import { type Attribution, releaseNotes } from '../../release/notes.js';
import type { NewRelease } from '../../release/plan.js';
import { makeTag } from '../../release/publish.js';
import type { Release } from '../../release/release.js';
import { tagMessage } from '../../release/tag-message.js';
import type { Repository } from './repository.js';
import { makePage, noticeFor, type Round } from './round.js';

/** Commits and attributions for the releases of a round, read for all of them at once. */
export interface Material {
  attributions: ReadonlyMap<string, Attribution>;
  /** Git's id of each app's folder, by tag. */
  trees: ReadonlyMap<string, string>;
  /** The tag that becomes the latest release. */
  latest: string | undefined;
}

/** Another run has created the tag on another commit. */
export interface Taken {
  tag: string;
  commit: string;
}

/** A later run is to make the release. */
export interface Overtaken {
  /** Why, a clause without a full stop. */
  overtaken: string;
}

/** Reads them with one process and one request per hundred changes. */
export async function readMaterial(
  { github, repository, inputs }: Round,
  releases: readonly NewRelease[],
): Promise<Omit<Material, 'latest'>> {
  const shas = releases.flatMap(({ changes }) => changes.map(({ sha }) => sha));
  return {
    attributions: await readAttributions(github, repository.name, shas, noticeFor(inputs)),
    trees: await readTrees(repository, releases),
  };
}

async function readTrees({ git, head }: Repository, releases: readonly NewRelease[]): Promise<Map<string, string>> {
  const names = releases.map(({ app }) => (app.path === '.' ? `${head}^{tree}` : `${head}:${app.path}`));
  const output = names.length === 0 ? '' : await git.read(['rev-parse', ...names]);
  const ids = output.split('\n');
  return new Map(releases.map(({ tag }, index) => [tag, ids[index] ?? '']));
}

/** Tags HEAD and creates the release page; a dry run only returns what they would be. */
export async function makeRelease(
  round: Round,
  plan: NewRelease,
  material: Material,
): Promise<Release | Taken | Overtaken> {
  const { github, repository, inputs } = round;
  const { app, version, tag, previous, level } = plan;
  const notes = releaseNotes({
    tag,
    previous: previous?.name,
    repositoryUrl: repository.url,
    changes: plan.changes,
    attributions: material.attributions,
  });
  const release: Release = {
    app: app.name,
    version,
    tag,
    previous: previous?.name ?? null,
    level,
    sha: repository.head,
    notes,
    url: '',
    created: false,
  };
  if (inputs.dryRun) {
    return release;
  }
  const tree = material.trees.get(tag) ?? '';
  const outcome = await makeTag(github, {
    repository: repository.name,
    tag,
    sha: repository.head,
    branch: repository.branch,
    message: tagMessage({ app: app.name, version, previous: previous?.name, tree }),
  });
  if (outcome.kind === 'overtaken') {
    return { overtaken: outcome.why };
  }
  if (outcome.kind === 'taken') {
    return { tag, commit: outcome.commit };
  }
  const page = await makePage(round, { app: app.name, version, tag, notes, latest: material.latest === tag });
  return { ...release, url: page.url, created: outcome.kind === 'made' };
}
