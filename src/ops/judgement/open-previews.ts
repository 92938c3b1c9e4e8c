import type { RepositoryName } from '../../github/context.js';
import type { Policy } from '../policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../policy/preview-policy.js';
import { deployedFolder, ROOT_FILE } from '../preview-records/paths.js';
import { type Cluster, readCluster } from '../reconcilers/cluster.js';
import { nameOf } from '../reconcilers/fields.js';
import { objectsIn } from '../reconcilers/objects.js';
import { PREVIEW_RULES } from '../reconcilers/preview-rule.js';
import { type Sharing, sharingOf } from '../repository/workspaces.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { toYaml } from '../yaml/to-yaml.js';
import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import { boundsOf } from './preview-bounds.js';

/** A cluster that takes previews and does not confine them as the policy says. */
export interface OpenPreviews {
  /** The environment whose cluster it is. */
  host: string;
  /** Names of its admission policies that are missing, that say something else, or that should be gone; none where nothing confines previews at all. */
  differing: readonly string[];
}

/**
 * The cluster that takes previews without confining them to their namespaces as the policy says; `undefined` where there is none.
 *
 * @param tree the ops repository at a commit of the default branch
 * @throws whatever the tree throws
 */
export async function openPreviews(
  tree: TreeReader,
  policy: Policy,
  repository: RepositoryName,
): Promise<OpenPreviews | undefined> {
  const previews = previewPolicy(policy);
  const cluster = await readCluster(tree, previews.host, previews.reconciler);
  return openPreviewsOf(cluster, previews, sharingOf(policy, repository));
}

/** The same, of a cluster that is read. */
export function openPreviewsOf(
  { reconciler, ...cluster }: Cluster,
  previews: PreviewPolicy,
  sharing: Pick<Sharing, 'own' | 'guests'>,
): OpenPreviews | undefined {
  const { host, branch } = previews;
  const target = { ...cluster, branch, repositoryUrl: undefined };
  if (reconciler?.previews.isIn(target) !== true) {
    return undefined;
  }
  if (reconciler.previews.confinement(target) === undefined) {
    return { host, differing: [] };
  }
  const expected = reconciler.previews
    .policies(target, boundsOf(previews, sharing))
    .flatMap((object) => objectsIn(toYaml(object), ROOT_FILE))
    .map(({ object }) => object);
  const differing = expected.filter((object) => {
    const found = cluster.objects.find(
      (each) => textAt(each, 'kind') === textAt(object, 'kind') && nameOf(each) === nameOf(object),
    );
    return plain(found?.entries.get('spec')) !== plain(object.entries.get('spec'));
  });
  const known = new Set(expected.flatMap((object) => nameOf(object) ?? []));
  const left = admissionPoliciesOf(cluster.objects).filter((object) => !known.has(nameOf(object) ?? ''));
  const names = [...new Set([...differing, ...left].flatMap((object) => nameOf(object) ?? []))];
  return names.length === 0 ? undefined : { host, differing: names };
}

/** Our admission policies among the objects of a cluster: one that the policy no longer has would go on refusing. */
function admissionPoliciesOf(objects: readonly MapValue[]): MapValue[] {
  return objects.filter(
    (object) =>
      textAt(object, 'kind')?.startsWith('ValidatingAdmissionPolicy') === true &&
      nameOf(object)?.startsWith(PREVIEW_RULES) === true,
  );
}

/** A value as a text that does not depend on the order of keys. */
function plain(value: YamlValue | undefined): string {
  switch (value?.kind) {
    case 'map':
      return `{${[...value.entries].map(([key, each]) => `${JSON.stringify(key)}:${plain(each)}`).sort()}}`;
    case 'list':
      return `[${value.items.map(plain)}]`;
    default:
      return JSON.stringify(value?.text ?? '');
  }
}

/**
 * What that comes to, and the command that mends it.
 *
 * @param repository `owner/name` of the ops repository
 * @param program what runs our commands, where nobody has it at hand
 */
export function openPreviewsText(
  { host, differing }: OpenPreviews,
  repository: string,
  program = 'npx --yes github:ostack/actions#v1',
): { text: string; mend: string } {
  return {
    text:
      differing.length === 0
        ? `The cluster of ${host} is open to whoever opens a pull request, because nothing confines previews to their namespaces.`
        : `The cluster of ${host} confines previews by other rules than those of ostack.yaml, because ${differing.join(', ')} ` +
          `${differing.length === 1 ? 'is' : 'are'} missing there, or not the same.`,
    mend: `${program} previews setup --ops ${repository} prints what does, for ${deployedFolder(host)}/${ROOT_FILE}.`,
  };
}

/** The same in one paragraph. */
export function openPreviewsNote(open: OpenPreviews, repository: string): string {
  const { text, mend } = openPreviewsText(open, repository);
  return `${text} ${mend}`;
}
