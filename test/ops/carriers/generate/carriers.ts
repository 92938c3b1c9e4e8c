import type { Choices } from '../../yaml/generate/choices.js';
import { type Entry, type MapTree, map, type Text, type Tree, text } from '../../yaml/generate/tree.js';
import type { World } from './world.js';

/** A place that carries our version, or that of another image and must stay as it is. */
export type CarrierSample<T extends Tree = Tree> = (world: World, choices: Choices) => T;

/** What a version is before and after: written bare, so that tags may look like numbers. */
function tagText(value: string, after: string | undefined, choices: Choices): Text {
  return { ...text(value, after), ...(choices.once(2) ? { bare: true } : {}) };
}

/** An entry of a kustomization's `images`. */
export const imagesEntry: CarrierSample<MapTree> = (world, choices) => {
  const ours = !choices.once(3);
  const { image, oldTag, oldDigest } = world;
  const name = ours ? world.spelled : choices.of('ghcr.io/acme/my-app-worker', ...world.others);
  const entries: Entry[] = [{ key: 'name', value: text(name) }];
  if (choices.once(4)) {
    entries.push({ key: 'newName', value: text(ours ? choices.of(name, 'mirror.corp/my-app') : 'mirror.corp/x') });
  }
  const after = ours ? image.tag : undefined;
  const tagged = choices.once(6) ? undefined : choices.once(8) ? `${oldTag}@${oldDigest}` : oldTag;
  if (tagged !== undefined) {
    const value = tagged === oldTag ? tagText(oldTag, after, choices) : text(tagged, after);
    entries.push({ key: 'newTag', value: choices.once(12) && ours ? { ...value, empty: true } : value });
  } else if (after !== undefined && image.digest === undefined) {
    // What is pinned by its digest alone stays so, where a digest is known.
    add(entries.at(-1), 'newTag', after);
  }
  const digest = ours ? image.digest : undefined;
  if (tagged === undefined || !choices.once(3)) {
    entries.push({ key: 'digest', value: text(oldDigest, digest), removed: ours && digest === undefined });
  } else if (digest !== undefined) {
    add(entries.at(-1), 'digest', digest);
  }
  return map(ordered(entries, choices));
};

function add(entry: Entry | undefined, key: string, value: string): void {
  if (entry !== undefined) {
    entry.added = [...(entry.added ?? []), { key, value }];
  }
}

/** In any order, but with nothing that goes away in front. */
function ordered(entries: Entry[], choices: Choices): Entry[] {
  const mixed = choices.shuffle(entries);
  return [...mixed.filter((entry) => entry.removed !== true), ...mixed.filter((entry) => entry.removed === true)];
}

function reference(world: World, name: string, ours: boolean, choices: Choices): Text {
  const { image, oldTag, oldDigest } = world;
  const after = `${name}:${image.tag}${image.digest === undefined ? '' : `@${image.digest}`}`;
  return text(`${name}:${oldTag}${choices.once(2) ? `@${oldDigest}` : ''}`, ours ? after : undefined);
}

/** A container with its image. */
export const container: CarrierSample = (world, choices) => {
  const ours = !choices.once(3);
  const name = ours ? world.spelled : choices.of('postgres', ...world.others);
  const entries = [
    { key: 'name', value: text(choices.of('web', 'my-app')) },
    { key: 'image', value: reference(world, name, ours, choices) },
  ];
  return map(choices.shuffle(entries));
};

/** A variable of a container, whose value is an image. */
export const variable: CarrierSample = (world, choices) => {
  const ours = !choices.once(3);
  const name = ours ? world.image.repository : choices.of('ghcr.io/acme/my-app-worker', ...world.others);
  const entries = [
    { key: 'name', value: text(choices.of('WORKER_IMAGE', 'JOB')) },
    { key: 'value', value: reference(world, name, ours, choices) },
  ];
  return map(choices.shuffle(entries));
};

/** An argument of a container: an image, with the name of an option in front or not, or something else. */
export const argument: CarrierSample = (world, choices) => {
  if (choices.once(2)) {
    return text(choices.of('--verbose', 'redis:6379', '--tag=1.3.0', world.others[0] ?? ''));
  }
  const { value, after } = reference(world, world.image.repository, true, choices);
  const option = choices.of('', '--image=', '-i=');
  return text(`${option}${value}`, after === undefined ? undefined : `${option}${after}`);
};

/** An ImageTagTransformer. */
export const transformer: CarrierSample = (world, choices) =>
  map({ apiVersion: text('builtin'), kind: text('ImageTagTransformer'), imageTag: imagesEntry(world, choices) });

/** An operation of a JSON patch. */
export const operation: CarrierSample = (world, choices) => {
  const op = choices.of('replace', 'add', 'test');
  return map({
    op: text(op),
    path: text('/spec/template/spec/containers/0/image'),
    value: reference(world, world.spelled, op !== 'test', choices),
  });
};

/** The image of Helm values. */
export const helmImage: CarrierSample = (world, choices) => {
  const ours = !choices.once(3);
  const { image, oldTag, oldDigest } = world;
  const name = ours ? image.repository : choices.of('ghcr.io/acme/my-app-worker', ...world.others);
  const slash = name.indexOf('/');
  const entries: Entry[] = choices.once(3)
    ? [
        { key: 'registry', value: text(name.slice(0, slash)) },
        { key: 'repository', value: text(name.slice(slash + 1)) },
      ]
    : [{ key: choices.of('repository', 'name'), value: text(name) }];
  const after = ours ? image.tag : undefined;
  if (choices.once(5)) {
    const full = ours && image.digest !== undefined ? `${image.tag}@${image.digest}` : after;
    entries.push({ key: 'tag', value: text(`${oldTag}@${oldDigest}`, full) });
  } else {
    entries.push({ key: 'tag', value: tagText(oldTag, after, choices) });
    if (choices.once(2)) {
      entries.push({ key: 'digest', value: text(oldDigest, ours ? (image.digest ?? '') : undefined) });
    }
  }
  entries.push({ key: 'pullPolicy', value: text('IfNotPresent') });
  return map(choices.shuffle(entries));
};

/** A line of `resources`: a remote base or a folder. */
export const resource: CarrierSample = (world, choices) => {
  const url = (app: string, tag: string) => `https://github.com/acme/apps//apps/${app}/deploy?ref=${tag}`;
  return choices.of(
    text('../base'),
    text(url('my-app', world.oldGitTag), url('my-app', world.base.gitTag)),
    text(url('my-app-two', 'my-app-two-v1.3.0')),
    text('deployment.yaml'),
  );
};

/** The name of a chart, and its version before and after. */
function chart({ chart: { name, version }, oldChart }: World, choices: Choices): { name: string; version: Text } {
  const ours = !choices.once(3);
  return {
    name: ours ? name : choices.of('redis', 'podinfo-extra'),
    version: text(oldChart, ours ? version : undefined),
  };
}

/** `spec.chart.spec` of a HelmRelease. */
export const chartSpec: CarrierSample = (world, choices) => {
  const { name, version } = chart(world, choices);
  const entries = [
    { key: 'chart', value: text(name) },
    { key: 'version', value: version },
    { key: 'interval', value: text('1h') },
  ];
  return map(choices.shuffle(entries));
};

/** `spec` of an OCIRepository. */
export const ociSpec: CarrierSample = (world, choices) => {
  const { name, version } = chart(world, choices);
  const ours = version.after !== undefined;
  const { digest } = world.chart;
  const ref: Entry[] = [{ key: choices.of('tag', 'semver'), value: version }];
  if (choices.once(2)) {
    ref.push({
      key: 'digest',
      value: text(world.oldDigest, ours ? digest : undefined),
      removed: ours && digest === undefined,
    });
  } else if (ours && digest !== undefined) {
    add(ref[0], 'digest', digest);
  }
  return map({ url: text(`oci://ghcr.io/acme/charts/${name}`), ref: map(ordered(ref, choices)) });
};

/** An entry of `helmCharts`, of a wrapper chart's `dependencies`, a release of a helmfile, or a source of Argo CD. */
export const chartEntry = (
  world: World,
  choices: Choices,
  keys: { name: string; version: string; repository: string },
): Tree => {
  const { name, version } = chart(world, choices);
  const entries = [
    { key: keys.name, value: text(name) },
    { key: keys.version, value: version },
    { key: keys.repository, value: text('oci://ghcr.io/acme/charts') },
  ];
  return map(choices.shuffle(entries));
};

/** A release of a helmfile. */
export const helmfileEntry: CarrierSample = (world, choices) => {
  const { name, version } = chart(world, choices);
  const entries = [
    { key: 'name', value: text(choices.of('web', 'worker')) },
    { key: 'chart', value: text(`oci://ghcr.io/acme/charts/${name}`) },
    { key: 'version', value: version },
  ];
  return map(choices.shuffle(entries));
};
