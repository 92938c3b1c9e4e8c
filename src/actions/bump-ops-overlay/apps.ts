import type { RunContext } from '../../github/context.js';
import type { ChartTarget } from '../../ops/carriers/carrier.js';
import { normalRepository } from '../../ops/carriers/chart-reference.js';
import { versionOf } from '../../ops/carriers/tag-version.js';
import type { AppTarget } from '../../ops/verbs/bump/request.js';
import type { Release } from '../../release/release.js';
import type { ChartInput } from './chart-input.js';
import type { Inputs, SingleImage } from './inputs.js';

/** Characters of a digest that are shown for a version: `sha256:` and twelve digits. */
const SHOWN_DIGEST = 19;

/** An image of which the app is known. */
type Image = Inputs['images'][number];

/**
 * What is to be deployed, by app: the images of each app together, with its release where one is given. A release of an
 * app without images is deployed through its remote base.
 *
 * @throws Error when nothing is given, or one app's images and release do not agree on one version
 */
export function appTargets(
  {
    images,
    releases,
    single,
    chart,
    app,
  }: Pick<Inputs, 'images' | 'releases' | 'single'> & Partial<Pick<Inputs, 'chart' | 'app'>>,
  context: Pick<RunContext, 'repository' | 'sha'>,
): AppTarget[] {
  const named = [...images.map(({ app }) => app), ...releases.map(({ app }) => app)];
  for (const { repository, tag } of [...images, ...(single === undefined ? [] : [single])]) {
    if (tag !== undefined) {
      checkTag(tag, repository);
    }
  }
  for (const { app, version } of releases) {
    checkTag(version, app);
  }
  const apps = [...new Set(named)].map((app) =>
    appTarget(
      app,
      images.filter((image) => image.app === app),
      releases.filter((release) => release.app === app),
      context,
    ),
  );
  const targets = single === undefined ? apps : [...apps, singleTarget(single, context)];
  return chart === undefined ? targets : withChart(targets, chart, single === undefined ? app : undefined, context);
}

/**
 * Adds a chart to the app that it is of: the one that is named, else the only image's, else the app of its own name. What
 * has nothing but a chart has the chart's version.
 *
 * @throws Error where several apps are given and nothing tells which one it is of
 */
function withChart(
  targets: readonly AppTarget[],
  { app: ownApp, ...chart }: ChartInput,
  named: string | undefined,
  { repository, sha }: Pick<RunContext, 'repository' | 'sha'>,
): AppTarget[] {
  const app = ownApp ?? named ?? targets.find((target) => target.app === chart.name || targets.length === 1)?.app;
  if (app === undefined && targets.length > 1) {
    const apps = targets.map((target) => target.app).join(', ');
    throw new Error(`Nothing tells which app chart ${chart.name} is of. Name one with the input "app": ${apps}.`);
  }
  const charts: ChartTarget[] = [
    {
      ...{ kind: 'chart', name: chart.name, version: chart.version, digest: chart.digest, release: chart.release },
      repository: normalRepository(chart.repository, chart.name),
    },
  ];
  if (targets.some((target) => target.app === app)) {
    return targets.map((target) => (target.app === app ? { ...target, charts } : target));
  }
  const version = chart.version ?? chart.digest?.slice(0, 19) ?? '';
  const source = { repository, sha };
  return [...targets, { app: app ?? chart.name, version, images: [], charts, release: undefined, source }];
}

function appTarget(
  app: string,
  images: readonly Image[],
  releases: readonly Release[],
  { repository, sha }: Pick<RunContext, 'repository' | 'sha'>,
): AppTarget {
  const release = releases[0];
  if (releases.length > 1) {
    throw new Error(`Input "releases" has ${releases.length} releases of ${app}, expected one.`);
  }
  const tags = new Set(images.flatMap(({ tag }) => tag ?? []));
  if (release === undefined && tags.size > 1) {
    throw new Error(`The images of ${app} have different tags (${[...tags].join(', ')}), expected one version.`);
  }
  const [tag] = tags;
  const version = release?.version ?? versionBy(tag, images[0]?.digest);
  return {
    app,
    version,
    images: images.map(({ image, repository: name, tag, digest }) => ({
      kind: 'image',
      repository: name,
      image,
      tag,
      digest,
    })),
    release: release === undefined ? undefined : { tag: release.tag, notes: release.notes, url: release.url },
    source: { repository, sha: release?.sha ?? sha },
  };
}

function singleTarget(
  { repository, tag, digest, app }: SingleImage,
  context: Pick<RunContext, 'repository' | 'sha'>,
): AppTarget {
  const image = repository.split('/').at(-1) ?? repository;
  return {
    app: app ?? image,
    version: versionBy(tag, digest),
    images: [{ kind: 'image', repository, image, tag, digest }],
    release: undefined,
    source: { repository: context.repository, sha: context.sha },
  };
}

/**
 * Versions go into titles, commits and YAML: nothing but what a tag may hold gets there.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go `tag`, and semver's `+`
 */
function checkTag(tag: string, of: string): void {
  if (!/^[\w][\w.+-]{0,127}$/.test(tag)) {
    throw new Error(
      `${JSON.stringify(tag)} cannot be a tag of ${of}: expected up to 128 letters, digits, "_", "." and "-".`,
    );
  }
}

/** What people call a version that nothing but a tag or a digest names. */
function versionBy(tag: string | undefined, digest: string | undefined): string {
  return tag === undefined ? (digest ?? '').slice(0, SHOWN_DIGEST) : readable(tag);
}

/** `v1.4.0` reads as `1.4.0`; a tag that is no version is taken as it is. */
function readable(tag: string): string {
  return /^v?\d/.test(tag) ? (versionOf(tag) ?? tag) : tag;
}
