import { posix } from 'node:path';
import * as v from 'valibot';
import { yamlDocuments } from '../../../config/yaml-documents.js';
import type { ImageTarget } from '../../carriers/carrier.js';
import { deployedIn } from '../../carriers/deployed.js';
import { everyCarrier } from '../../carriers/find-carriers.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { setVersion } from '../../carriers/set-version.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { readValues, textAt, type YamlValue } from '../../yaml/values.js';

/** A file of an app, to make that of another app or environment after. */
export interface Model {
  app: string;
  environment: string;
  file: OverlayFile;
  /** Whether it is the same app's, in another environment: then it has its chart too. */
  isOwn: boolean;
}

/** A file for the new app. */
export interface FileLike {
  text: string;
}

/** Why a file cannot be made after another one: the end of a sentence. */
export interface Reason {
  reason: string;
}

/** Keys of a HelmRelease that say how and from where it is installed, and nothing of what runs. */
const INSTALLING =
  'interval timeout suspend chart chartRef install upgrade test rollback uninstall driftDetection maxHistory serviceAccountName ' +
  'targetNamespace storageNamespace persistentClient';

const releaseSchema = v.object({
  apiVersion: v.string(),
  kind: v.literal('HelmRelease'),
  metadata: v.object({ name: v.string(), namespace: v.optional(v.string()) }),
  spec: v.looseObject({
    chart: v.optional(v.looseObject({ spec: v.looseObject({ chart: v.string(), version: v.optional(v.unknown()) }) })),
    chartRef: v.optional(v.looseObject({ name: v.string() })),
    targetNamespace: v.optional(v.string()),
  }),
});

type Release = v.InferOutput<typeof releaseSchema>;

/**
 * A file with the first version of an app, and nothing else of what runs, in the form in which another file has it: Helm values, a
 * HelmRelease, or a tag. Hosts, replicas and the like are left to the chart and to people.
 *
 * @param path where it will be
 * @throws Error where the version is no valid tag or digest
 */
export function fileLike(
  model: Model,
  { app, environment }: AppEnvironment,
  image: ImageTarget,
  path: string,
): FileLike | Reason {
  const { file } = model;
  if (file.isBare) {
    return bareLike(file, image);
  }
  const found = valuesLike(model, app, image);
  if ('reason' in found) {
    return found;
  }
  const { documents } = yamlDocuments(file.text);
  const release = v.safeParse(releaseSchema, documents[0]?.toJS());
  const [root] = readValues(file.text, file.path);
  const isObject = root?.kind === 'map' && root.entries.has('kind');
  if (documents.length > 1 || (isObject && !release.success)) {
    return { reason: `${file.path} holds other objects than one HelmRelease` };
  }
  const content = release.success ? releaseLike(release.output, model, { app, environment }, found.value) : found.value;
  if (typeof content === 'object' && content !== null && 'reason' in content) {
    return { reason: String(content.reason) };
  }
  return { text: setVersion(toYaml(content), path, image).text };
}

/** Values that say an app's image in the form of another app's, as a structure; the path in a HelmRelease is not in it. */
export function valuesLike(
  { app: other, file }: Model,
  app: string,
  image: ImageTarget,
): { value: Record<string, unknown> } | Reason {
  const images = deployedIn([file], other).targets.filter((target) => target.kind === 'image');
  const [target, ...more] = images;
  if (target === undefined || more.length > 0) {
    return { reason: `${file.path} has ${more.length > 0 ? 'several images' : 'no image with a version'}` };
  }
  const carrier = everyCarrier([file], [target]).find(({ kind, certain }) => certain && kind === 'helm-image');
  const segments = carrier?.path.filter((segment) => typeof segment === 'string') ?? [];
  const map = carrier && readValues(file.text, file.path)[carrier.document];
  const at = segments.reduce(inMap, map);
  if (carrier === undefined || segments.length !== carrier.path.length || at?.kind !== 'map') {
    return { reason: `${file.path} does not have its version as a repository and a tag of Helm values` };
  }
  const name = ['repository', 'name', 'image'].find((key) => textAt(at, key)?.endsWith(target.image));
  const tag = ['tag', 'imageTag', 'image_tag'].find((key) => at.entries.has(key)) ?? 'tag';
  if (name === undefined || at.entries.has('registry')) {
    return { reason: `${file.path} has the registry of its image apart from its name` };
  }
  const digest = at.entries.has('digest') ? { digest: image.digest ?? '' } : {};
  const inner: Record<string, unknown> = { [name]: image.repository, [tag]: image.tag ?? '', ...digest };
  const within = segments[0] === 'spec' && segments[1] === 'values' ? segments.slice(2) : segments;
  const value = within
    .map((segment) => (segment === other ? app : segment))
    .reduceRight<Record<string, unknown>>((below, segment) => ({ [segment]: below }), inner);
  return { value };
}

function inMap(value: YamlValue | undefined, key: string): YamlValue | undefined {
  return value?.kind === 'map' ? value.entries.get(key) : undefined;
}

/** A file that holds a tag and nothing else, or one value that is a tag. */
function bareLike({ path, text }: OverlayFile, { tag }: ImageTarget): FileLike | Reason {
  const key = /^(image_tag|imageTag|tag): *\S+/.exec(text)?.[1];
  if (tag === undefined || (key === undefined && !/^[\w.-]+\n?$/.test(text))) {
    return { reason: `${path} holds more than a tag` };
  }
  return { text: `${key === undefined ? '' : `${key}: `}${tag}${text.endsWith('\n') ? '\n' : ''}` };
}

/** A HelmRelease that installs an app as another one is, with values of its own. */
function releaseLike(
  { apiVersion, kind, metadata, spec }: Release,
  { app: other, environment: from, file, isOwn }: Model,
  { app, environment }: AppEnvironment,
  values: Record<string, unknown>,
): Record<string, unknown> | Reason {
  const { chart, chartRef } = spec;
  const name = isOwn ? metadata.name : metadata.name.replace(other, app);
  if (!isOwn && name === metadata.name) {
    return { reason: `the HelmRelease in ${posix.basename(file.path)} is not called after its app` };
  }
  if (!isOwn && (chart?.spec.chart.includes(other) || chartRef?.name.includes(other))) {
    return { reason: `${file.path} installs a chart of its own, so which one ${app} has is not known` };
  }
  if (spec.kubeConfig !== undefined) {
    return { reason: `the HelmRelease in ${file.path} says itself which cluster it is for` };
  }
  const inEnvironment = (name: string) =>
    name.replace(new RegExp(`(^|-)${from.replaceAll('.', '\\.')}(-|$)`), `$1${environment}$2`);
  const { namespace } = metadata;
  const { targetNamespace } = spec;
  const kept = INSTALLING.split(' ').flatMap((key) => (spec[key] === undefined ? [] : [[key, spec[key]] as const]));
  return {
    ...{ apiVersion, kind },
    metadata: {
      name: inEnvironment(name),
      ...(namespace === undefined ? {} : { namespace: inEnvironment(namespace) }),
    },
    spec: {
      ...Object.fromEntries(kept),
      ...(targetNamespace === undefined ? {} : { targetNamespace: inEnvironment(targetNamespace) }),
      values,
    },
  };
}
