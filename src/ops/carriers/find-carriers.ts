import type { Carrier, CarrierKind, Target } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import type { OverlayFile } from './overlay-file.js';
import { type YamlNode, yamlNodes } from './yaml-nodes.js';

/**
 * Every place of a file that carries the version of one of the targets, found by repository name and never by position,
 * in the order of the file; also what is not certain. A file that names none of the targets is not even parsed: an
 * overlay may hold templates that are no YAML.
 *
 * @throws Error naming file and line where a file that names a target is no valid YAML
 */
export function findCarriers(text: string, file: string, targets: readonly Target[]): Carrier[] {
  const named = targets.filter((target) => names(text, target));
  const nodes = named.length === 0 ? [] : yamlNodes(text, file);
  return nodes.flatMap((node) =>
    CARRIER_KINDS.flatMap((kind) => named.flatMap((target) => carriersAt(node, kind, file, target))),
  );
}

function carriersAt(node: YamlNode, kind: CarrierKind, file: string, target: Target): Carrier[] {
  const found = kind.find(node, target);
  return found.map((finding) => ({ ...finding, kind: kind.name, file, document: node.document, target }));
}

/** Whether a file can carry a target at all: the last segment of its name is in it, or a parameter without a name. */
function names(text: string, target: Target): boolean {
  const last = target.repository.split('/').at(-1) ?? '';
  return text.toLowerCase().includes(last.toLowerCase()) || (target.kind === 'image' && /image\.tag/i.test(text));
}

/**
 * The places of an overlay that carry the version of the targets. What is not certain counts only for a target that has
 * nothing certain in any of the files, and only where no other target claims the same place.
 */
export function overlayCarriers(files: readonly OverlayFile[], targets: readonly Target[]): Carrier[] {
  const all = files.flatMap((file) => findCarriers(file.text, file.path, targets));
  return all.filter((carrier) => {
    if (carrier.certain) {
      return true;
    }
    const better = all.some((other) => other.target === carrier.target && other.certain);
    const claims = all.filter((other) => other !== carrier && locationKey(other) === locationKey(carrier));
    return !better && claims.length === 0;
  });
}

function locationKey(carrier: Carrier): string {
  return JSON.stringify([carrier.file, carrier.document, carrier.path]);
}
