import { type Deployed, deployedIn } from '../../carriers/deployed.js';
import { formatReference, sameRepository } from '../../carriers/image-reference.js';
import type { HeldVersion } from '../../judgement/held-versions.js';
import type { Root } from '../../judgement/roots.js';
import type { Layout } from '../../overlays/layout.js';
import type { OverlayPath } from '../../overlays/overlay-path.js';
import type { Resource } from '../../render/resource.js';
import type { Problem } from '../../tree/problem.js';

/** A version that changes in an object of a cluster. */
export interface RenderedVersion {
  /** `Deployment web`. */
  object: string;
  repository: string;
  /** Tag and digest as they are written: `:1.4.0@sha256:…`. */
  before: string;
  after: string;
}

/** The versions of images that differ between two builds of a folder, in objects that both have. */
export function renderedVersions(before: readonly Resource[], after: readonly Resource[]): RenderedVersion[] {
  const old = new Map(before.map((resource) => [keyOf(resource), resource]));
  return after.flatMap((resource) => {
    const previous = old.get(keyOf(resource));
    if (previous === undefined || previous.text === resource.text) {
      return [];
    }
    const known = versionsIn(previous);
    return versionsIn(resource).flatMap(({ repository, version }) => {
      const same = known.filter((each) => sameRepository(each.repository, repository));
      const [first] = same;
      return first === undefined || same.some((each) => each.version === version)
        ? []
        : [{ object: `${resource.kind} ${resource.name}`, repository, before: first.version, after: version }];
    });
  });
}

function keyOf({ apiVersion, kind, namespace, name }: Resource): string {
  return JSON.stringify([apiVersion.split('/')[0], kind, namespace, name]);
}

function versionsIn({ text, name }: Resource): { repository: string; version: string }[] {
  const { targets, pinned }: Deployed = deployedIn([{ path: 'rendered.yaml', text }], name);
  const images = targets.flatMap((target) => (target.kind === 'image' ? [target] : []));
  return [...images, ...pinned.map((each) => ({ ...each, tag: undefined }))].map(({ repository, tag, digest }) => ({
    repository,
    version: formatReference({ name: '', tag, digest }),
  }));
}

/**
 * Versions that change in the clusters of an environment and that no app of it has in its files: no rule was asked about
 * them, so they do not pass. What an object of Flux or Argo CD sets above the files stays as that says.
 *
 * @param held what the environments hold after the change
 * @param layout names the apps whose versions such objects set
 */
export function untiedProblems(
  { overlay, folder }: Pick<Root, 'overlay' | 'folder'>,
  versions: readonly RenderedVersion[],
  held: readonly HeldVersion[],
  layout: Pick<Layout, 'further'>,
): Problem[] {
  if (overlay === undefined) {
    return [];
  }
  const here = held.filter(({ environment }) => environment === overlay.environment);
  const isTied = (version: RenderedVersion) =>
    here.some((each) => each.moves && carries(each, version, overlay)) || isSetAbove(here, version, layout);
  const untied = versions.filter((version) => !isTied(version));
  return untied.map((version): Problem => {
    const { object, repository, before, after } = version;
    const what = `${folder}: ${object} runs ${repository} ${after.slice(1)} instead of ${before.slice(1)}`;
    return { level: 'error', file: folder, line: undefined, message: `${what}, ${adviceOn(overlay, version, here)}` };
  });
}

function carries(held: HeldVersion, { repository, after }: RenderedVersion, overlay: OverlayPath): boolean {
  const isIt = (name: string, tag: string | undefined, digest: string | undefined) =>
    sameRepository(name, repository) && formatReference({ name: '', tag, digest }) === after;
  const isHere = overlay.app === '' || overlay.app === held.app;
  return (
    held.targets.some((target) =>
      target.kind === 'image'
        ? isIt(target.repository, target.tag, target.digest)
        : // A base in another repository brings images of its own.
          target.kind === 'base' && isHere,
    ) || held.pinned.some((each) => isIt(each.repository, undefined, each.digest))
  );
}

/** Whether an app that stays as it is has the image in an object that deploys it: that wins over what is built. */
function isSetAbove(
  here: readonly HeldVersion[],
  { repository }: RenderedVersion,
  { further = [] }: Pick<Layout, 'further'>,
): boolean {
  return here.some(
    ({ app, moves, targets }) =>
      !moves &&
      further.some((each) => each.app === app) &&
      targets.some((target) => target.kind === 'image' && sameRepository(target.repository, repository)),
  );
}

function adviceOn(overlay: OverlayPath, { repository }: RenderedVersion, here: readonly HeldVersion[]): string {
  const { environment } = overlay;
  const names = [...new Set(here.map(({ app }) => app))].sort().join(', ');
  const owner = here.find(({ targets, pinned }) =>
    [...targets.filter(({ kind }) => kind !== 'chart'), ...pinned].some((each) =>
      sameRepository(each.repository ?? '', repository),
    ),
  );
  if (owner !== undefined) {
    return (
      `and the files of ${owner.app} in ${environment} say ${owner.version ?? 'another version'}. ` +
      'Something else sets it: change the version there, so that the rules of the environment can be asked.'
    );
  }
  const end = `so no rule can be asked. Apps there: ${names === '' ? 'none' : names}.`;
  if (overlay.app !== '') {
    return `and nothing in the files of ${overlay.app} in ${environment} carries it, ${end} Set it with "images" in ${overlay.folder}/kustomization.yaml.`;
  }
  const name = repository.split('/').at(-1) ?? repository;
  const kustomization = `${overlay.folder}/kustomization.yaml`;
  return (
    `and no app of ${environment} has it, ${end} Set it with "images" in ${kustomization}, and say in ostack.yaml, in a change ` +
    `before this one, whose it is:\n\napps:\n  ${name}:\n    images: [${repository}]\n`
  );
}
