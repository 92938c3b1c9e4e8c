import { textAt, type YamlValue } from '../yaml/values.js';
import type { Carrier, Target } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { type ImageReference, parseReference } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';
import { tagOf, targetName } from './target.js';
import type { YamlNode } from './yaml-nodes.js';

/** Whether a version is a variable that something fills in later: `${TAG}` of Flux, `$(TAG)` of a container. */
export function isVariable(tag: string | undefined): boolean {
  return tag !== undefined && /\$[({]/.test(tag);
}

/** A reference whose tag is a variable, `ghcr.io/acme/web:${TAG}`; `undefined` for any other text. */
export function variableReference(text: string): ImageReference | undefined {
  const at = text.indexOf(':$');
  const reference = at < 0 ? undefined : parseReference(text.slice(0, at));
  const tag = text.slice(at + 1);
  return reference === undefined || !isVariable(tag) ? undefined : { name: reference.name, tag };
}

/**
 * Follows versions that are variables of Flux to the `postBuild.substitute` that fills them in, where it is among the files
 * and certainly is that image's alone. What cannot be followed says why nothing can be set there.
 *
 * @param carriers of the files
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function followVariables(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] {
  if (!carriers.some(({ current }) => isVariable(current.tag))) {
    return [...carriers];
  }
  const nodes = files.flatMap((file) =>
    file.onlyNamed === true ? [] : overlayNodes(file).map((node) => ({ ...node, file: file.path })),
  );
  return carriers.map((carrier) => (isVariable(carrier.current.tag) ? followed(nodes, carrier, carriers) : carrier));
}

type FileNode = YamlNode & { file: string };

function followed(nodes: readonly FileNode[], carrier: Carrier, all: readonly Carrier[]): Carrier {
  const tag = carrier.current.tag ?? '';
  const [, name = ''] = /^\$\{(\w+)\}$/.exec(tag) ?? [];
  const places = name === '' ? [] : nodes.filter((node) => isSubstitute(node, name));
  const [place, ...more] = places;
  if (place === undefined || more.length > 0 || !isItsAlone(nodes, name, carrier.target, all)) {
    return { ...carrier, blocked: reason(carrier, place) };
  }
  const { file, path, document, value } = place;
  const version = versionOfTarget(carrier.target);
  return {
    ...carrier,
    ...{ kind: 'flux-substitute', file, path, document, line: value.line, certain: true, needsTag: true },
    current: { repository: carrier.current.repository, tag: (value.kind === 'text' && value.text) || undefined },
    edits: [{ path, document, value: version }],
  };
}

function isSubstitute({ path, above, value }: FileNode, name: string): boolean {
  const [root] = above;
  const isFlux = root !== undefined && /^kustomize\.toolkit\.fluxcd\.io\//.test(textAt(root, 'apiVersion') ?? '');
  const [spec, post, substitute, key, ...more] = path;
  const isThere = spec === 'spec' && post === 'postBuild' && substitute === 'substitute' && key === name;
  return isFlux && isThere && more.length === 0 && value.kind === 'text';
}

/** Whether a variable is used for nothing but the versions of images that get this one. Labels may say it, too. */
function isItsAlone(nodes: readonly FileNode[], name: string, target: Target, all: readonly Carrier[]): boolean {
  const uses = nodes.filter(({ value, path }) => {
    const isLabel = path.some((segment) => segment === 'labels' || segment === 'annotations');
    return !isLabel && isUse(value, name);
  });
  const own = all.filter(
    (each) => each.current.tag === `\${${name}}` && versionOfTarget(each.target) === versionOfTarget(target),
  );
  const places = new Set(own.flatMap((each) => each.edits.map((edit) => key(each.file, each.document, edit.path))));
  return uses.every(({ file, document, path }) => places.has(key(file, document, path)));
}

function isUse(value: YamlValue, name: string): boolean {
  return value.kind === 'text' && value.text.includes(`\${${name}`);
}

function versionOfTarget(target: Target): string {
  return tagOf(target) ?? '';
}

function key(file: string, document: number, path: YamlNode['path']): string {
  return JSON.stringify([file, document, path]);
}

function reason({ file, line, current, target }: Carrier, place: FileNode | undefined): string {
  const repository = target.kind === 'image' ? target.repository : targetName(target);
  const why =
    place === undefined
      ? 'which is filled in elsewhere, so that another tag here would not be that of the other environments'
      : `which ${place.file}:${place.value.line} fills in, and not for this image alone`;
  const said = `${file}:${line}: the version of ${repository} is the variable ${current.tag}, ${why}. Write the tag itself there`;
  const [, name] = /\$\{(\w+)/.exec(current.tag ?? '') ?? [];
  return name === undefined
    ? `${said}.`
    : `${said}, or say in ostack.yaml where the value is that is its version:\n\ncarriers:\n` +
        `  - file: ${place?.file ?? 'path/of/the/flux-kustomization.yaml'}\n    path: spec.postBuild.substitute.${name}\n    image: ${repository}\n`;
}
