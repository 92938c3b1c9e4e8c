import type { YamlPath } from '../yaml/path.js';
import type { Carrier } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { carriersLines } from './named-lines.js';
import type { OverlayFile } from './overlay-file.js';
import { versionText } from './version-text.js';
import type { YamlNode } from './yaml-nodes.js';

/**
 * Why a version that is set may change nothing: `global` values have a tag for images too, and whether the chart takes that or
 * the image's own one, its templates say. What the policy names is taken at its word.
 *
 * @param carriers those that would change
 * @returns sentences for a person, with the lines to paste; `undefined` where there is none
 * @see https://helm.sh/docs/chart_template_guide/subcharts_and_globals/
 */
export function globalTag(files: readonly OverlayFile[], carriers: readonly Carrier[]): string | undefined {
  const named = new Set(carriers.flatMap(({ byPolicy, target }) => (byPolicy ? [target] : [])));
  const open = carriers.filter(
    ({ kind, target, path }) => kind === 'helm-image' && !named.has(target) && globalIn(path) < 0,
  );
  for (const carrier of open) {
    const file = files.find(({ path }) => path === carrier.file);
    const nodes = file?.text.includes('global') ? overlayNodes(file) : [];
    const found = nodes.find((node) => node.document === carrier.document && isTagOfAll(node, carrier.path));
    const { target } = carrier;
    if (found !== undefined && target.kind === 'image') {
      const { document, path, value } = found;
      const places = [carrier, { file: carrier.file, document, edits: [{ path, value: '' }] }];
      return (
        `${carrier.file}:${value.line} has a tag among the global values, and ${target.repository} has one of its own in line ` +
        `${carrier.line}: which of them the chart takes is not clear. Say it in ostack.yaml, with those of these lines that are ` +
        `meant:\n\n${carriersLines(files, places, target.repository)}`
      );
    }
  }
  return undefined;
}

/** Whether a value is the tag of images that name none, in the same values as a carrier: `global.image.tag`. */
function isTagOfAll({ path, key, value, parent }: YamlNode, carrier: YamlPath): boolean {
  const at = globalIn(path);
  const isTag = /^(image[-_]?)?tag$/i.test(key) && parent !== undefined && value.kind === 'text';
  const isOfImage = /image/i.test(path.slice(at).join('.')) || path.length === at + 2;
  const isSame =
    at >= 0 && path.slice(0, at).every((segment, index) => JSON.stringify(segment) === JSON.stringify(carrier[index]));
  const isAlone = !['repository', 'name', 'image'].some((name) => parent?.entries.get(name)?.kind === 'text');
  const said = value.kind === 'text' && value.text !== '' && versionText(value.text) !== undefined;
  return isTag && isOfImage && isSame && isAlone && said;
}

/** Where a path has the key `global`; -1 for nowhere. */
function globalIn(path: YamlPath): number {
  return path.indexOf('global');
}
