import { posix } from 'node:path';
import * as v from 'valibot';
import { archiveFolder } from './archive.js';
import { FRONTEND_ARGUMENT } from './frontend.js';
import { namedContexts } from './pins.js';
import { type BuildSettings, imageLabels, type PlannedImage } from './plan.js';
import { parseReference } from './reference.js';

/** One image in a definition for `docker buildx bake`. */
const targetSchema = v.strictObject({
  context: v.string(),
  /** Relative to the context. */
  dockerfile: v.string(),
  /** Images by the name under which the Dockerfile asks for them. */
  contexts: v.optional(v.record(v.string(), v.string())),
  tags: v.array(v.string()),
  labels: v.record(v.string(), v.string()),
  annotations: v.array(v.string()),
  args: v.record(v.string(), v.string()),
  platforms: v.optional(v.array(v.string())),
  attest: v.array(v.string()),
  secret: v.array(v.string()),
  output: v.array(v.string()),
  'cache-from': v.optional(v.array(v.string())),
  'cache-to': v.optional(v.array(v.string())),
});

/**
 * The definition of one build session, as JSON.
 *
 * @see https://docs.docker.com/build/bake/reference/
 */
export const bakeSchema = v.strictObject({
  group: v.strictObject({ default: v.strictObject({ targets: v.array(v.string()) }) }),
  target: v.record(v.string(), targetSchema),
});

export type BakeDefinition = v.InferOutput<typeof bakeSchema>;
export type BakeTarget = v.InferOutput<typeof targetSchema>;

/** Not loaded into the engine's own store: nothing runs the image here, and unpacking conflicts with rewriting times. */
const IMAGE = 'type=image,store=false,oci-mediatypes=true,rewrite-timestamp=true';

/**
 * With docker's own builder, buildx pushes a second time, from docker's store, where the image is not. BuildKit takes
 * `push` without a value for a push, and buildx does not.
 */
const PUSH = { docker: `${IMAGE},push=`, other: `${IMAGE},push=true` };

/** Docker's own builder, or any other: in a container, in a cluster, remote. */
export type Builder = keyof typeof PUSH;

/** Builds without keeping the result. */
const NO_PUSH = 'type=cacheonly';

/** An OCI layout in a folder. */
const ARCHIVE = 'type=oci,tar=false,oci-mediatypes=true,rewrite-timestamp=true,dest=';

/**
 * The name of each image's target: what bake prints before each line of its build.
 *
 * @returns names in the order of `images`, each unique and of letters, digits, `-` and `_`
 */
export function targetNames(images: readonly PlannedImage[]): string[] {
  const taken = new Set<string>();
  return images.map(({ image }) => {
    const base = image.replace(/[^A-Za-z0-9_-]/g, '_');
    let name = base;
    for (let count = 2; taken.has(name); count += 1) {
      name = `${base}_${count}`;
    }
    taken.add(name);
    return name;
  });
}

/** The definition that builds all images in one session. */
export function bakeDefinition(
  images: readonly PlannedImage[],
  settings: BuildSettings,
  builder: Builder,
): BakeDefinition {
  const names = targetNames(images);
  const targets = images.map((image, index): [string, BakeTarget] => [
    names[index] ?? '',
    target(image, settings, builder),
  ]);
  return { group: { default: { targets: names } }, target: Object.fromEntries(targets) };
}

/**
 * The definition as the text of a file. Bake evaluates `${…}` and `%{…}` in strings, so these are escaped.
 *
 * @see https://github.com/hashicorp/hcl/blob/v2.24.0/hclsyntax/spec.md#template-literals
 */
export function bakeText(definition: BakeDefinition): string {
  return `${JSON.stringify(
    mapStrings(definition, (text) => text.replace(/([$%])(?=\{)/g, '$1$1')),
    null,
    2,
  )}\n`;
}

/** The reverse of `bakeText`. */
export function readBakeText(text: string): BakeDefinition {
  return v.parse(
    bakeSchema,
    JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'string' ? value.replace(/([$%])\1(?=\{)/g, '$1') : value,
    ),
  );
}

function target(image: PlannedImage, settings: BuildSettings, builder: Builder): BakeTarget {
  const labels = imageLabels(image, settings);
  const index = settings.platforms.length > 1 || settings.provenance || settings.sbom;
  const level = index ? 'index,manifest' : 'manifest';
  const epoch = String(settings.createdAt);
  const contexts = namedContexts(image.pins ?? {});
  return {
    context: image.context,
    dockerfile: posix.relative(image.context, image.file),
    ...(Object.keys(contexts).length > 0 && { contexts }),
    tags: image.tags.map((tag) => `${image.repository}:${tag}`),
    labels,
    annotations: Object.entries(labels).map(([key, value]) => `${level}:${key}=${value}`),
    args: {
      SOURCE_DATE_EPOCH: epoch,
      ...settings.buildArgs,
      ...(image.frontend !== undefined && { [FRONTEND_ARGUMENT]: image.frontend }),
    },
    ...(settings.platforms.length > 0 && { platforms: settings.platforms }),
    attest: [
      settings.provenance ? 'type=provenance,mode=min' : 'type=provenance,disabled=true',
      settings.sbom ? 'type=sbom' : 'type=sbom,disabled=true',
    ],
    secret: settings.secrets.map(({ id, variable }) => `id=${id},env=${variable}`),
    output: [outputOf(image, settings, builder)],
    ...cacheOf(image, settings),
  };
}

function outputOf({ image, tags }: PlannedImage, { archive, push }: BuildSettings, builder: Builder): string {
  if (archive !== undefined) {
    return `${ARCHIVE}${archiveFolder(archive, image)}`;
  }
  if (!push) {
    return NO_PUSH;
  }
  return tags.length === 0 ? IMAGE : PUSH[builder];
}

/**
 * Cache settings. Each image has a scope of its own: images that share one would overwrite each other's cache. A pull
 * request reads those of releases, and writes where no release reads. Who may push to a registry may write any tag there, so
 * a release takes no layers by a tag: only those of the digest that a release before it has recorded.
 *
 * @see https://docs.docker.com/build/cache/backends/
 */
function cacheOf(image: PlannedImage, settings: BuildSettings): Partial<BakeTarget> {
  if (settings.cache === 'none') {
    return {};
  }
  const { from, to } = settings.cache === 'gha' ? githubCache(image, settings) : registryCache(image, settings);
  return {
    ...(from.length > 0 && { 'cache-from': from }),
    ...(settings.push && { 'cache-to': [`${to},mode=max,ignore-error=true${imageManifest(settings)}`] }),
  };
}

interface CachePlaces {
  from: string[];
  to: string;
}

function registryCache({ repository, released, layers }: PlannedImage, { space }: BuildSettings): CachePlaces {
  const at = (name: string) => `type=registry,ref=${name}:buildcache`;
  if (space === 'release') {
    return { from: layers === undefined ? [] : [`type=registry,ref=${repository}@${layers}`], to: at(repository) };
  }
  const isNear = released !== undefined && parseReference(released).registry === parseReference(repository).registry;
  return { from: [at(repository), ...(isNear ? [at(released)] : [])], to: at(repository) };
}

/** GitHub gives a branch the caches of itself and of the default branch alone, so that no pull request writes a release's. */
function githubCache({ image }: PlannedImage, { space }: BuildSettings): CachePlaces {
  const at = (scope: string) => `type=gha,scope=${scope}`;
  const [release, previews] = [at(image), at(`previews-${image}`)];
  return space === 'release' ? { from: [release], to: release } : { from: [previews, release], to: previews };
}

function imageManifest({ cache }: BuildSettings): string {
  return cache === 'gha' ? '' : ',image-manifest=true,oci-mediatypes=true';
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => mapStrings(entry, change));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]: [string, unknown]) => [key, mapStrings(entry, change)]),
    );
  }
  return value;
}
