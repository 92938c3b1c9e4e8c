import type { Carrier, CarrierKind, Target } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import { ownCharts } from './chart-owner.js';
import type { OverlayFile } from './overlay-file.js';
import { type YamlNode, yamlNodes } from './yaml-nodes.js';

/**
 * Finds everything in a file that carries the version of a target, by the name of its repository and never by position.
 * A file that names no target is not parsed, because an overlay may have templates in it that are not YAML.
 *
 * @param file path of the file in its repository
 * @returns the carriers in the order of the file, also those that are not certain
 * @throws InvalidYaml with file and line where a file that names a target is not valid YAML
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

/**
 * Whether a file can carry a target: it has the last segment of its name, or what needs no name: a Helm parameter, or a
 * patch of an object that installs a chart.
 */
function names(text: string, target: Target): boolean {
  if (target.kind === 'chart') {
    const called = [target.name, target.release].filter((name) => name !== undefined);
    return called.some((name) => text.includes(name)) || /HelmRelease|HelmChart|OCIRepository/.test(text);
  }
  const last = target.repository.split('/').at(-1) ?? '';
  return text.toLowerCase().includes(last.toLowerCase()) || (target.kind === 'image' && /image\.tag/i.test(text));
}

/**
 * Finds everything in an overlay that carries the version of a target. A carrier that is not certain counts only where
 * its target has no certain one in any file, and where it is not a carrier of another target too.
 *
 * @throws InvalidYaml with file and line where a file that names a target is not valid YAML
 */
export function overlayCarriers(files: readonly OverlayFile[], targets: readonly Target[]): Carrier[] {
  const all = files.flatMap((file) => {
    const found = findCarriers(file.text, file.path, targets);
    return file.shared === true ? ownCarriers(found, targets) : found;
  });
  return all.filter((carrier) => {
    if (carrier.certain) {
      return true;
    }
    const better = all.filter((other) => other.target === carrier.target && other.certain);
    // A patch of the same release overrides what is certain. It does not say where the chart comes from.
    const release = carrier.current.repository === '' ? carrier.current.release : undefined;
    const hasBetter =
      better.length > 0 && !(release !== undefined && better.some((one) => one.current.release === release));
    const isAmbiguous = all.some((other) => other !== carrier && locationKey(other) === locationKey(carrier));
    return !hasBetter && !isAmbiguous;
  });
}

/** In a file of several apps, an app's chart is only where its own releases are. Images and bases tell it by their names. */
function ownCarriers(carriers: readonly Carrier[], targets: readonly Target[]): Carrier[] {
  return targets.flatMap((target) => {
    const found = carriers.filter((carrier) => carrier.target === target);
    if (target.kind !== 'chart' || target.app === undefined) {
      return found;
    }
    const called = found.map((carrier) => ({ carrier, name: target.name, release: carrier.current.release }));
    return ownCharts(called, target.app).map(({ carrier }) => carrier);
  });
}

function locationKey(carrier: Carrier): string {
  return JSON.stringify([carrier.file, carrier.document, carrier.path]);
}
