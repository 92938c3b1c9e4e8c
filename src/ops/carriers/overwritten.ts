import { posix } from 'node:path';
import { mapsAt } from '../kustomize/list-fields.js';
import { formatPath } from '../yaml/path.js';
import { type MapValue, textAt } from '../yaml/values.js';
import type { Carrier, ImageTarget } from './carrier.js';
import { fileNodes } from './file-nodes.js';
import { overlayCarriers } from './find-carriers.js';
import { carriersLines, type NameableValue } from './named-lines.js';
import type { OverlayFile } from './overlay-file.js';
import { targetName } from './target.js';
import type { YamlNode } from './yaml-nodes.js';

/** Whether a file is one with which Argo CD overrides the Application that deploys the folder. */
export function isArgocdOverride(path: string): boolean {
  return /^\.argocd-source(-[^/]*)?\.ya?ml$/.test(posix.basename(path));
}

/**
 * Why a version that is set would change nothing, because something else writes over it. What the policy names as a carrier
 * is taken at its word.
 *
 * @param carriers those that would change
 * @returns sentences for a person, with what to do instead; `undefined` where nothing is known to write over them
 */
export function overwriting(files: readonly OverlayFile[], carriers: readonly Carrier[]): string | undefined {
  const named = new Set(carriers.flatMap(({ byPolicy, target }) => (byPolicy ? target : [])));
  const open = carriers.filter((each): each is ImageCarrier => isOfImage(each) && !named.has(each.target));
  return open.length === 0
    ? undefined
    : (argocdOverride(files, open) ??
        replacement(files, open) ??
        open.map((each) => chartVersion(files, each)).find(Boolean));
}

type ImageCarrier = Carrier & { target: ImageTarget };

function isOfImage(carrier: Carrier): carrier is ImageCarrier {
  return carrier.target.kind === 'image';
}

/** @see https://argo-cd.readthedocs.io/en/stable/user-guide/parameters/#store-overrides-in-git */
function argocdOverride(files: readonly OverlayFile[], carriers: readonly ImageCarrier[]): string | undefined {
  const targets = carriers.map(({ target }) => target);
  const [first] = files
    .filter(({ path }) => isArgocdOverride(path))
    .flatMap(({ path, text }) => overlayCarriers([{ path, text }], targets));
  return first === undefined
    ? undefined
    : `${first.file}:${first.line} overrides the version of ${targetName(first.target)}: Argo CD takes it before all that is beside ` +
        'it. Argo CD Image Updater writes such files. Remove that entry, and what writes it, or leave this version to it.';
}

/**
 * `replacements` run after everything else of a kustomization.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
 */
function replacement(files: readonly OverlayFile[], carriers: readonly ImageCarrier[]): string | undefined {
  const nodes = files
    .filter(({ text }) => text.includes('fieldPaths'))
    .flatMap(({ path, text }) => fileNodes(text, path).map((node) => ({ node, file: path })));
  for (const { node, file } of nodes) {
    const field = node.value.kind === 'map' && node.value.entries.has('source') ? imageField(node.value) : undefined;
    const [first] = carriers;
    if (node.value.kind === 'map' && field !== undefined && first !== undefined) {
      const values = [...sourceOf(files, node.value), ...carriers];
      return (
        `${file}:${node.value.line}: "replacements" write ${field} after everything else, so that a version in ${first.file} may ` +
        `change nothing. Say in ostack.yaml where the one is that counts, with those of these lines that are meant:\n\n` +
        carriersLines(files, values, first.target.repository)
      );
    }
  }
  return undefined;
}

/** The field of a container's image among those that a replacement writes. */
function imageField(entry: MapValue): string | undefined {
  return mapsAt(entry, 'targets')
    .flatMap((target) => {
      const list = target.entries.get('fieldPaths');
      return list?.kind === 'list' ? list.items.flatMap((item) => (item.kind === 'text' ? item.text : [])) : [];
    })
    .find((path) => /(^|\.)image$/.test(path));
}

/** The value that a replacement takes, where it is among the files. */
function sourceOf(files: readonly OverlayFile[], entry: MapValue): NameableValue[] {
  const source = entry.entries.get('source');
  const text = (key: string) => (source?.kind === 'map' ? (textAt(source, key) ?? '') : '');
  const field = text('fieldPath');
  const variable = /^data\.([\w.-]+)$/.exec(field)?.[1] ?? '';
  return files.flatMap(({ path: file, text: content }) =>
    fileNodes(content, file).flatMap((node): NameableValue[] => {
      const isField = isObject(node, text('kind'), text('name')) && formatPath(node.path) === field;
      const isLiteral =
        node.key === 'literals' && node.value.kind === 'text' && node.value.text.startsWith(`${variable}=`);
      const isVariable = file.endsWith('.env') && node.key === variable;
      return isField || (variable !== '' && (isLiteral || isVariable))
        ? [{ file, document: node.document, edits: [{ path: node.path, value: '' }] }]
        : [];
    }),
  );
}

function isObject({ above, value }: YamlNode, kind: string, name: string): boolean {
  const [root] = above;
  const metadata = root?.entries.get('metadata');
  const isNamed = metadata?.kind === 'map' && textAt(metadata, 'name') === name;
  return value.kind === 'text' && root !== undefined && isNamed && textAt(root, 'kind') === kind;
}

/** A `version` in the values, where an image has no tag: most likely the chart reads that. */
function chartVersion(files: readonly OverlayFile[], carrier: ImageCarrier): string | undefined {
  const { file, document, path, edits, target, kind } = carrier;
  const text = files.find((each) => each.path === file)?.text ?? '';
  const nodes = kind === 'helm-image' && !carrier.certain ? fileNodes(text, file) : [];
  const own = nodes.find((node) => node.document === document && formatPath(node.path) === formatPath(path));
  if (own?.value.kind !== 'map' || edits.some((edit) => has(nodes, edit.path, document))) {
    return undefined;
  }
  const version = nodes.find(
    ({ key, value, parent }) =>
      value.kind === 'text' &&
      /^(app|image)?version$/i.test(key) &&
      [own.value, ...own.above].some((map) => map === parent),
  );
  return version === undefined
    ? undefined
    : `${file}:${version.value.line} has a ${version.key}, and the image has no tag: the chart may read that one, so that a tag ` +
        `would change nothing. Write the tag beside the repository where the chart reads it, or say in ostack.yaml:\n\n` +
        carriersLines(files, [{ file, document, edits: [{ path: version.path, value: '' }] }], target.repository);
}

function has(nodes: readonly YamlNode[], path: YamlNode['path'], document: number): boolean {
  return nodes.some((node) => node.document === document && formatPath(node.path) === formatPath(path));
}
