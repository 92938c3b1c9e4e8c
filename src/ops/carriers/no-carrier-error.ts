import { isKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { oldImages } from '../kustomize/old-images.js';
import { formatPath } from '../yaml/path.js';
import type { ImageTarget, Target } from './carrier.js';
import { fileNodes, isUnreadTemplate } from './file-nodes.js';
import { fluxImagesAdvice, fluxKustomizations } from './flux-images.js';
import { formatReference, isTag, parseReference, sameRepository } from './image-reference.js';
import { loneTags } from './lone-tag.js';
import { carriersLines, type NameableValue } from './named-lines.js';
import { chartAdvice } from './no-chart-advice.js';
import type { OverlayFile } from './overlay-file.js';
import { targetName } from './target.js';

/**
 * The error for an overlay in which nothing carries the version of a target. It says what was searched for, in which
 * files, which similar images are there, and the lines to add.
 *
 * @param where the overlay for messages, for example `overlays/staging/my-app`
 * @param better what to do where more is known than the files say
 */
export function noCarrierError(
  files: readonly OverlayFile[],
  targets: readonly Target[],
  where: string,
  better?: string,
): Error {
  const old = oldImages(files.filter(({ path }) => isKustomization(path)));
  if (old !== undefined) {
    return new Error(old);
  }
  const names = targets.map(targetName).join(', ');
  const searched =
    files.length === 0 ? 'there is no file to look at' : `looked at ${files.map((file) => file.path).join(', ')}`;
  const similar = nearMisses(files, targets);
  const hint = similar.length === 0 ? '' : ` Of the same name but another repository: ${similar.join(', ')}.`;
  const unmet = files.flatMap(({ path, named = [] }) =>
    named
      .filter(({ image }) =>
        targets.some((target) => target.kind === 'image' && sameRepository(image, target.repository)),
      )
      .map(({ path: value, where: line }) => `${formatPath(value)} in ${path} (${line})`),
  );
  const nothing = unmet.length === 0 ? '' : ` Nothing is where the policy names it: ${unmet.join(', ')}.`;
  const unread = files.filter(({ path, text }) => isUnreadTemplate(text, path)).map(({ path }) => path);
  const templates = unread.length === 0 ? '' : ` Not read, since it is a template: ${unread.join(', ')}.`;
  return new Error(
    `Nothing in ${where} carries the version of ${names} (${searched}).${hint}${nothing}${templates}\n${better ?? advice(files, targets, where)}`,
  );
}

/** Images of the same name in another repository, for example after a change of the registry. */
function nearMisses(files: readonly OverlayFile[], targets: readonly Target[]): string[] {
  const names = new Set(targets.flatMap((target) => (target.kind === 'image' ? [target.image] : [])));
  // A file without any of the names was not parsed before, and may be something else than YAML.
  const named = files.filter((file) => [...names].some((name) => file.text.includes(name)));
  const found = named.flatMap((file) =>
    fileNodes(file.text, file.path).flatMap(({ value }) => {
      const name = value.kind === 'text' ? parseReference(value.text)?.name : undefined;
      const segments = name?.split('/') ?? [];
      return segments.length > 1 && names.has(segments.at(-1) ?? '') ? [`${name} (${file.path}:${value.line})`] : [];
    }),
  );
  return [...new Set(found)].slice(0, 3);
}

function advice(files: readonly OverlayFile[], targets: readonly Target[], where: string): string {
  const images = targets.filter((target) => target.kind === 'image');
  const charts = targets.filter((target) => target.kind === 'chart');
  if (charts.length > 0 && charts.length === targets.length) {
    return charts.map((chart) => chartAdvice(files, chart, where)).join('\n');
  }
  const lone = loneAdvice(files, images);
  if (lone !== undefined) {
    return lone;
  }
  const kustomization = files.find((file) => isKustomization(file.path));
  const [flux] = kustomization === undefined ? fluxKustomizations(files) : [];
  if (flux !== undefined && images.length > 0) {
    return fluxImagesAdvice(flux, images);
  }
  const helm = files.find(
    (file) => /(^|\/)values[^/]*\.ya?ml$/.test(file.path) || /^kind: HelmRelease\b/m.test(file.text),
  );
  const argocd = files.find((file) => /^kind: Application(Set)?\b/m.test(file.text));
  if (images.length === 0) {
    const bases = targets.map((target) => (target.kind === 'base' ? baseSnippet(target) : '')).join('\n');
    return `Add to ${kustomization?.path ?? `${where}/kustomization.yaml`}:\n\nresources:\n${bases}\n`;
  }
  if (kustomization === undefined && helm !== undefined) {
    return `Add to the values in ${helm.path}:\n\n${images.map(helmSnippet).join('\n')}\n`;
  }
  const alone = aloneAdvice(files, images, where);
  if (alone !== undefined) {
    return alone;
  }
  if (kustomization === undefined && argocd !== undefined) {
    return `Add to the Application's source in ${argocd.path}:\n\nkustomize:\n  images:\n${images.map(argocdSnippet).join('\n')}\n`;
  }
  const list = kustomization !== undefined && /^images:/m.test(kustomization.text);
  const path = kustomization?.path ?? `${where}/kustomization.yaml`;
  const entries = images.map(kustomizeSnippet).join('\n');
  return list ? `Add to the list "images" in ${path}:\n\n${entries}\n` : `Add to ${path}:\n\nimages:\n${entries}\n`;
}

/** The lines for a file of values that is an overlay by itself; `undefined` where none is. */
function aloneAdvice(files: readonly OverlayFile[], images: readonly ImageTarget[], where: string): string | undefined {
  const { path, text } = files.find((file) => file.path === where && isManifestPath(where)) ?? { path: '', text: '' };
  if (path === '' || /^kind:/m.test(text)) {
    return undefined;
  }
  const lines = images.map(helmSnippet).join('\n');
  // Fabrikate has the values of a chart under a key of its own.
  const isDefinition = /^config:/m.test(text) || text.includes('"config"');
  return `Add to ${path}:\n\n${isDefinition ? `config:\n${lines.replaceAll(/^/gm, '  ')}` : lines}\n`;
}

/** Tags that an overlay shows at most. */
const MOST_TAGS = 6;

/** The lines that say which of the tags without a repository, or of the versions in Helm values, is meant. */
function loneAdvice(files: readonly OverlayFile[], images: readonly ImageTarget[]): string | undefined {
  const [first] = images;
  if (first === undefined) {
    return undefined;
  }
  const lone = loneTags(files).map(({ file, node, carry }): Place => {
    const { line, edits, current } = carry(first);
    return { file: file.path, line, document: node.document, edits, text: current.tag ?? 'empty' };
  });
  const found = lone.length > 0 ? lone : versionValues(files);
  if (found.length === 0) {
    return undefined;
  }
  const places = found.slice(0, MOST_TAGS).map(({ file, line, text }) => `${file}:${line} (${text})`);
  const lines = images.map(({ repository }) =>
    carriersLines(files, found.slice(0, MOST_TAGS), repository).replace('carriers:\n', ''),
  );
  const what = lone.length > 0 ? 'a tag without a repository' : 'a version';
  return (
    `There is ${what}, and whose it is is not clear: ${places.join(', ')}. Say it in ostack.yaml, with those of these lines ` +
    `that are meant:\n\ncarriers:\n${lines.join('')}`
  );
}

interface Place extends NameableValue {
  line: number;
  text: string;
}

/** Values of charts that are called a version, as in `main_app: {version: 1.4.0}`. */
function versionValues(files: readonly OverlayFile[]): Place[] {
  return files
    .filter(({ text }) => /version/i.test(text))
    .flatMap(({ path: file, text }) =>
      fileNodes(text, file).flatMap(({ key, value, path, document, above, parent }): Place[] => {
        const isValue = parent !== undefined && above[0]?.entries.has('kind') !== true && value.kind === 'text';
        return isValue && /^(app|image)?[-_]?version$/i.test(key) && isTag(value.text) && /\d/.test(value.text)
          ? [{ file, document, line: value.line, text: value.text, edits: [{ path, value: '' }] }]
          : [];
      }),
    );
}

function kustomizeSnippet({ repository, tag, digest }: ImageTarget): string {
  const lines = [`- name: ${repository}`, ...(tag === undefined ? [] : [`  newTag: ${JSON.stringify(tag)}`])];
  return [...lines, ...(digest === undefined ? [] : [`  digest: ${digest}`])].join('\n');
}

function helmSnippet({ repository, tag, digest }: ImageTarget): string {
  const lines = ['image:', `  repository: ${repository}`, `  tag: ${JSON.stringify(tag ?? '')}`];
  return [...lines, ...(digest === undefined ? [] : [`  digest: ${digest}`])].join('\n');
}

function argocdSnippet({ repository, tag, digest }: ImageTarget): string {
  return `  - ${formatReference({ name: repository, tag, digest })}`;
}

function baseSnippet(target: { repository: string; appPath: string; gitTag: string }): string {
  const folder = target.appPath === '.' ? 'deploy' : `${target.appPath}/deploy`;
  return `- https://github.com/${target.repository}//${folder}?ref=${encodeURIComponent(target.gitTag)}`;
}
