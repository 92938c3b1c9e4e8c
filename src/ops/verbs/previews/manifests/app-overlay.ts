import { posix } from 'node:path';
import type { LeftOut } from '../../../judgement/left-out.js';
import { type AppBase, findBase, isPrepared } from '../../../judgement/preview-base.js';
import { baseObjects } from '../../../judgement/preview-objects.js';
import { PreviewProblem } from '../../../judgement/preview-problem.js';
import { locateApps } from '../../../layouts/named-apps.js';
import type { Layout } from '../../../overlays/layout.js';
import { readOverlay } from '../../../overlays/overlay.js';
import type { Policy } from '../../../policy/policy.js';
import { PREVIEWS_FOLDER, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewApp, PreviewImage, PreviewRecord } from '../../../preview-records/record.js';
import { withoutFolder } from '../../../tree/hidden-folder.js';
import { NAME_PATTERN } from '../../../tree/name.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { AdaptedApp, AppToAdapt } from './adapt-apps.js';
import { previewImages } from './app-images.js';
import { type ImageEntry, imagesOfHost } from './host-environment.js';
import type { Patch } from './kustomize-patch.js';
import { atPreviewCommit } from './remote-base.js';
import { usedFolders } from './used-folders.js';

/** One app of a preview. */
export interface RenderedApp {
  app: string;
  /** Whether the pull request changes it. */
  affected: boolean;
  /** The `images:` entries of its kustomization. */
  images: ImageEntry[];
  /** Its address, `undefined` where no Ingress or route leads to it. */
  url: string | undefined;
}

/** What apps are rendered from, read once for all previews of a commit. */
export interface AppSources {
  tree: TreeReader;
  layout: Layout;
  /** The environment whose versions apps have that the pull request does not change. */
  host: string;
}

/**
 * Reads where the overlays of an ops repository are. Previews are none: what points the cluster to their objects would make an
 * environment of these.
 *
 * @throws whatever the tree throws; Error when nothing shows where the overlays are
 */
export async function readAppSources(
  tree: TreeReader,
  policy: Policy,
  previews: { host: string },
): Promise<AppSources> {
  return { tree, layout: await locateApps(withoutFolder(tree, PREVIEWS_FOLDER), policy), host: previews.host };
}

/** What one app adds to a preview. */
export interface AppOverlay {
  /** Path and text of its kustomization. */
  file: [path: string, text: string];
  app: RenderedApp;
  /** What its base is in, as `usedFolders` says it. */
  uses: string[];
  leftOut: LeftOut[];
  notices: string[];
}

/** An app that is read, before its objects are adapted. */
export interface ReadApp extends AppToAdapt {
  affected: boolean;
  folder: string;
  base: AppBase;
  /** Addresses of its remote bases. */
  remote: readonly string[];
  images: ImageEntry[];
  /** What its base is in, as `usedFolders` says it. */
  uses: string[];
  notices: string[];
}

/**
 * Reads one app of a preview: its base, and the images of the pull request or of the host environment.
 *
 * @param affected what the pull request changes of it, `undefined` where it runs as in the host environment
 * @returns what to say of it where the repository has no base of the app
 * @throws PreviewProblem where files of the app cannot be read; whatever the tree throws
 */
export async function readApp(
  { tree, layout, host }: AppSources,
  record: PreviewRecord,
  app: string,
  affected: PreviewApp | undefined,
): Promise<ReadApp | { notices: string[] }> {
  if (!NAME_PATTERN.test(app) || /\.ya?ml$/.test(app)) {
    throw new PreviewProblem(`"${app}" cannot be a folder's name: expected letters, digits, ".", "_" and "-".`);
  }
  const overlay = await readOverlay(tree, layout, host, app);
  const base = await findBase(tree, layout, host, app, overlay);
  if (base === undefined) {
    return { notices: affected === undefined ? [] : [`${app} is not in the preview: there is no bases/${app}.`] };
  }
  const { objects, unread } = await baseObjects(tree, base);
  const isOpen = unread.length > 0;
  const running = imagesOfHost(overlay, base.manifests.images, isOpen);
  const { entries, unused } = previewImages({ ...base, isOpen }, running, affected?.images ?? []);
  const remote = remoteBases(base, record, affected !== undefined);
  const folder = `${previewFolder(record.name)}/${app}`;
  return {
    ...{ app, affected: affected !== undefined, folder, base, images: entries, objects, isOpen },
    uses: usedFolders(base.manifests.opened, layout, host, app),
    remote: remote.addresses,
    isPrepared: isPrepared(base),
    notices: noticesOf(app, host, {
      ...{ base, unused },
      forkManifests: remote.refused,
      unset: affected === undefined && entries.length === 0 ? base.manifests.images : [],
    }),
  };
}

/** Renders one app of a preview as a kustomization: its base, what adapts it to the preview, and its images. */
export function renderApp(read: ReadApp, adapted: AdaptedApp): AppOverlay {
  const { app, affected, folder, base, remote, images, notices } = read;
  return {
    file: [`${folder}/kustomization.yaml`, kustomization(folder, base, remote, adapted.patches, images)],
    app: { app, affected, images, url: adapted.url },
    uses: read.uses,
    leftOut: adapted.leftOut,
    notices,
  };
}

/**
 * Remote bases of an app, at the pull request's commit where it changes the app. Of a fork only the images are deployed and
 * never the manifests, which could ask the cluster for anything.
 */
function remoteBases(
  { remote }: AppBase,
  record: PreviewRecord,
  affected: boolean,
): { addresses: string[]; refused: boolean } {
  const written = remote.map(({ address }) => address);
  const addresses = affected ? written.map((address) => atPreviewCommit(address, record)) : written;
  return record.pullRequest?.fork === true
    ? { addresses: written, refused: addresses.some((address, index) => address !== written[index]) }
    : { addresses, refused: false };
}

function kustomization(
  folder: string,
  { resources, components }: AppBase,
  remote: readonly string[],
  patches: readonly Patch[],
  images: readonly ImageEntry[],
): string {
  const fromHere = (path: string) => posix.relative(folder, path);
  return toYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...resources.map(fromHere), ...remote],
    ...(components.length === 0 ? {} : { components: components.map(fromHere) }),
    ...(patches.length === 0 ? {} : { patches }),
    ...(images.length === 0 ? {} : { images }),
  });
}

interface NoticeFacts {
  base: AppBase;
  /** Images that were built and that nothing runs. */
  unused: readonly PreviewImage[];
  /** Whether manifests of a fork were left out. */
  forkManifests: boolean;
  /** Images of the base that the host environment sets no version of. */
  unset: readonly string[];
}

function noticesOf(app: string, host: string, facts: NoticeFacts): string[] {
  return [
    ...facts.unused.map(
      ({ repository }) => `Nothing in ${facts.base.resources.join(', ')} runs ${repository}, built for ${app}.`,
    ),
    ...(facts.forkManifests
      ? [`The manifests of ${app} are those of ${host}: from a fork, only images are deployed.`]
      : []),
    ...facts.unset.map((name) => `${host} sets no version of ${name}, so ${app} runs the one in its base.`),
  ];
}
