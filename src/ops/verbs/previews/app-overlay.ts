import { posix } from 'node:path';
import { sameRepository } from '../../carriers/image-reference.js';
import { parseRemote } from '../../kustomize/remote.js';
import { detectLayout, type Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { previewFolder } from '../../preview-records/paths.js';
import type { PreviewApp, PreviewImage, PreviewRecord } from '../../preview-records/record.js';
import { NAME_PATTERN } from '../../tree/name.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { type Base, findBase } from './base.js';
import { type ImageEntry, imagesOfHost } from './host.js';
import { patchHosts, removal } from './hosts.js';
import { PreviewProblem } from './problem.js';

/** One app of a preview. */
export interface RenderedApp {
  app: string;
  /** Whether the pull request changes it. */
  affected: boolean;
  /** What runs, as kustomize is told. */
  images: ImageEntry[];
  url: string | undefined;
}

/** What apps are rendered from, read once for all previews of a commit. */
export interface Surroundings {
  tree: TreeReader;
  layout: Layout;
  /** The environment whose versions the unaffected apps have. */
  host: string;
  url: string | undefined;
}

export async function surroundingsOf(
  tree: TreeReader,
  overlay: string | undefined,
  previews: { host: string; url: string | undefined },
): Promise<Surroundings> {
  return { tree, layout: await detectLayout(tree, overlay), host: previews.host, url: previews.url };
}

/** Kinds that belong to no namespace: those of one preview would be those of all, and of the host. */
const CLUSTER_WIDE = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'IngressClass',
  'GatewayClass',
  'ClusterIssuer',
  'ClusterSecretStore',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'APIService',
]);

/**
 * Renders one app of a preview: its base, the images of the pull request or of the host environment, the preview's hosts.
 *
 * @param affected what the pull request changes of it, `undefined` where it runs as in the host environment
 * @returns `undefined` app where the repository has no base of it, said in the notices
 * @throws PreviewProblem where files of the app cannot be read
 */
export async function renderApp(
  { tree, layout, host, url }: Surroundings,
  record: PreviewRecord,
  app: string,
  affected: PreviewApp | undefined,
): Promise<{ file: [string, string] | undefined; app: RenderedApp | undefined; notices: string[] }> {
  if (!NAME_PATTERN.test(app) || /\.ya?ml$/.test(app)) {
    throw new PreviewProblem(`"${app}" cannot be a folder's name: expected letters, digits, ".", "_" and "-".`);
  }
  const overlay = await readOverlay(tree, layout, host, app);
  const base = await findBase(tree, layout, host, app, overlay);
  if (base === undefined) {
    const notices = affected === undefined ? [] : [`${app} is not in the preview: there is no bases/${app}.`];
    return { file: undefined, app: undefined, notices };
  }
  const running = imagesOfHost(overlay, base.manifests.images, base.manifests.remote.length > 0);
  const { entries, unused } = imagesOf(base, running, affected?.images ?? []);
  const hosts = patchHosts(base.manifests.objects, app, record.name, url);
  const wide = base.manifests.objects.filter(({ kind }) => CLUSTER_WIDE.has(kind));
  const folder = `${previewFolder(record.name)}/${app}`;
  const own = affected === undefined ? [] : base.remote.filter((address) => atHead(address, record) !== address);
  const isFork = record.pullRequest?.fork === true;
  const remote = base.remote.map((address) => (own.includes(address) && !isFork ? atHead(address, record) : address));
  const patches = [...wide.map(removal), ...hosts.patches];
  const text = toYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...base.resources.map((path) => posix.relative(folder, path)), ...remote],
    ...(base.components.length === 0
      ? {}
      : { components: base.components.map((path) => posix.relative(folder, path)) }),
    ...(patches.length === 0 ? {} : { patches }),
    ...(entries.length === 0 ? {} : { images: entries }),
  });
  return {
    file: [`${folder}/kustomization.yaml`, text],
    app: { app, affected: affected !== undefined, images: entries, url: hosts.url },
    notices: [
      ...hosts.notices,
      ...wide.map((each) => `${each.kind} ${each.name} of ${app} belongs to the whole cluster and is left out.`),
      ...unused.map((image) => `Nothing in ${base.resources.join(', ')} runs ${image.repository}, built for ${app}.`),
      ...(isFork && own.length > 0
        ? [`The manifests of ${app} are those that run in ${host}: of a fork, images are let in, and nothing else.`]
        : []),
      ...withoutTag(base, entries, affected === undefined).map(
        (name) => `Nothing in ${host} says which version of ${name} runs there, so ${app} has it as its base does.`,
      ),
    ],
  };
}

/** Images of the host's overlay, those that the pull request built in their place. */
function imagesOf(
  { manifests }: Base,
  running: readonly ImageEntry[],
  built: readonly PreviewImage[],
): { entries: ImageEntry[]; unused: PreviewImage[] } {
  const entries = new Map(running.map((entry) => [entry.name, entry]));
  const unused: PreviewImage[] = [];
  for (const image of built) {
    const names = namesOf(image, manifests.images, running);
    if (names.length === 0 && manifests.remote.length === 0) {
      unused.push(image);
    }
    const unread = names.length === 0 && manifests.remote.length > 0 ? [image.repository] : [];
    for (const name of [...names, ...unread]) {
      const { repository, tag, digest } = image;
      entries.set(name, { name, newName: repository, newTag: tag, digest });
    }
  }
  const sorted = [...entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { entries: sorted, unused };
}

/** What a base calls an image: its repository, a name the host's overlay gives that repository, or its last segment. */
function namesOf(image: PreviewImage, names: readonly string[], running: readonly ImageEntry[]): string[] {
  const same = names.filter((name) => sameRepository(name, image.repository));
  const renamed = running
    .filter(({ newName }) => newName !== undefined && sameRepository(newName, image.repository))
    .map(({ name }) => name);
  const exact = [...new Set([...same, ...renamed])];
  return exact.length > 0 ? exact : names.filter((name) => name.split('/').at(-1) === image.image);
}

/** A folder of the pull request's own repository is taken as the pull request has it. */
function atHead(address: string, { repository, head }: PreviewRecord): string {
  const remote = parseRemote(address);
  if (remote === undefined || remote.repository.toLowerCase() !== repository.toLowerCase()) {
    return address;
  }
  return /[?&](ref|version)=/.test(address)
    ? address.replace(/([?&](?:ref|version)=)[^&]*/, (_, key: string) => `${key}${head}`)
    : `${address}${address.includes('?') ? '&' : '?'}ref=${head}`;
}

function withoutTag({ manifests }: Base, entries: readonly ImageEntry[], wanted: boolean): string[] {
  const set = entries.flatMap(({ name, newName }) => [name, ...(newName === undefined ? [] : [newName])]);
  return wanted && entries.length === 0 ? manifests.images.filter((name) => !set.includes(name)) : [];
}
