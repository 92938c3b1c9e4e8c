import type { Carrier, CarrierKind, Finding, Target } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import { ownCharts } from './chart-owner.js';
import { isOfContainers } from './container-kinds.js';
import { ofOneFamily } from './families.js';
import { overlayNodes } from './file-nodes.js';
import { withHelmfiles } from './helmfile.js';
import { loneCarriers } from './lone-tag.js';
import { namedCarriers } from './named-value.js';
import type { OverlayFile } from './overlay-file.js';
import { withPrecedence } from './precedence.js';
import { targetName } from './target.js';
import { followVariables } from './variables.js';
import type { YamlNode } from './yaml-nodes.js';

/**
 * Finds everything in a file that carries the version of a target, by the name of its repository and never by position.
 * A file that names no target is not parsed, because an overlay may have templates in it that are not YAML; what is a
 * template is no carrier.
 *
 * @returns the carriers in the order of the file, also those that are not certain
 * @throws InvalidYaml with file and line where a file that names a target is not valid YAML
 */
export function findCarriers(file: OverlayFile, targets: readonly Target[]): Carrier[] {
  const named = targets.filter((target) => names(file.text, target));
  const nodes = named.length === 0 ? [] : overlayNodes(file);
  return nodes.flatMap((node) =>
    CARRIER_KINDS.flatMap((kind) => named.flatMap((target) => carriersAt(node, kind, file.path, target))),
  );
}

/** The carriers of a kind at one node of a file. A template is none. */
export function carriersAt(node: YamlNode, kind: CarrierKind, file: string, target: Target): Carrier[] {
  return kind
    .find(node, target)
    .filter((finding) => !isTemplated(finding))
    .map((finding) => withRoom({ ...finding, kind: kind.name, file, document: node.document, target }));
}

function isTemplated({ current: { tag, digest } }: Finding): boolean {
  return [tag, digest].some((each) => each?.includes('{{'));
}

/** A carrier that says why, where a target without a tag cannot be set. */
function withRoom(carrier: Carrier): Carrier {
  const { needsTag, line, file, target } = carrier;
  return needsTag === true && target.kind === 'image' && target.tag === undefined
    ? {
        ...carrier,
        blocked:
          `${file}:${line} has room for a tag alone, and of ${target.repository}@${target.digest ?? ''} none is known. Add a key ` +
          'for the digest there, or the tag where this version comes from.',
      }
    : carrier;
}

/** Letters that are written as their codes, as YAML allows in double quotes: what they spell is seen only when it is parsed. */
const CODES = /\\[xuU][0-9A-Fa-f]/;

/**
 * Whether a file can carry a target: it has the last segment of its name, or what needs no name: a patch of an object that
 * installs a chart.
 */
function names(text: string, target: Target): boolean {
  if (CODES.test(text)) {
    return true;
  }
  if (target.kind === 'chart') {
    const called = [target.name, target.release].filter((name) => name !== undefined);
    return called.some((name) => text.includes(name)) || /HelmRelease|HelmChart|OCIRepository/.test(text);
  }
  const last = target.repository.split('/').at(-1) ?? '';
  return text.toLowerCase().includes(last.toLowerCase());
}

/**
 * Finds everything in an overlay that carries the version of a target, also what the policy names. A carrier that is not
 * certain counts only where its target has no certain one in any file, and where it is not a carrier of another target too.
 *
 * @returns the carriers; those that are `blocked` cannot be set
 * @throws InvalidYaml with file and line where a file that names a target is not valid YAML; Error where the policy names
 *   what is not there, or an image has several tags and which one is meant is not clear
 */
export function overlayCarriers(files: readonly OverlayFile[], targets: readonly Target[]): Carrier[] {
  return ofOneFamily(files, everyCarrier(files, targets));
}

/**
 * The same without the choice between several tags of one image: for what is read and not set.
 *
 * @throws InvalidYaml and Error as `overlayCarriers` does, but for that choice
 */
export function everyCarrier(files: readonly OverlayFile[], targets: readonly Target[]): Carrier[] {
  const named = files.flatMap((file) => namedCarriers(file, targets));
  const found = files.flatMap((file) => {
    const all = file.onlyNamed === true ? [] : findCarriers(file, targets);
    return file.shared === true ? ownCarriers(all, targets) : all;
  });
  const all = [
    ...found.map(
      (carrier): Carrier => (named.some((each) => covers(carrier, each)) ? { ...carrier, byPolicy: true } : carrier),
    ),
    ...named.filter((each) => !found.some((carrier) => covers(carrier, each))),
  ];
  const images = targets.filter((target) => target.kind === 'image');
  const open = images.filter((target) => !all.some((carrier) => carrier.target === target));
  all.push(...loneCarriers(files, open).map(withRoom));
  const followed = followVariables(files, withoutGuesses(all)).filter((each) => !isNamedElsewhere(each, all));
  return withHelmfiles(files, withPrecedence(files, followed))
    .filter((carrier) => !isOutOfReach(files, carrier))
    .map((carrier) => withRoom(unlessUntouchable(files, carrier)));
}

/** Whether it is a value of a chart where nothing may be set, and stronger values say the version anyway. */
function isOutOfReach(files: readonly OverlayFile[], carrier: Carrier): boolean {
  const { kind, overriddenBy } = carrier;
  return overriddenBy !== undefined && !isOfContainers(kind) && reasonOf(files, carrier) !== undefined;
}

/** Why nothing may be set in the file of a carrier. */
function reasonOf(files: readonly OverlayFile[], { file }: Carrier): string | undefined {
  return files.find(({ path }) => path === file)?.untouchable;
}

/** A carrier that says why, where it is in a file in which nothing may be set. */
function unlessUntouchable(files: readonly OverlayFile[], carrier: Carrier): Carrier {
  const { blocked, file, line, target } = carrier;
  const reason = reasonOf(files, carrier);
  if (reason !== undefined && blocked === undefined && isObeyed(files, carrier) && isMet(carrier)) {
    return { ...carrier, edits: [] };
  }
  return blocked !== undefined || reason === undefined
    ? carrier
    : { ...carrier, blocked: `${file}:${line} has the version of ${targetName(target)}: ${reason}` };
}

function isObeyed(files: readonly OverlayFile[], { file }: Carrier): boolean {
  return files.find(({ path }) => path === file)?.isObeyed === true;
}

/** Whether a carrier has the version of its target already, so that nothing has to be set. */
function isMet({ current, target }: Carrier): boolean {
  return target.kind === 'image' && current.tag === target.tag && current.digest === target.digest;
}

function withoutGuesses(all: readonly Carrier[]): Carrier[] {
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

/** Whether a carrier is what the policy names, with all that belongs to it. */
function covers(carrier: Carrier, named: Carrier): boolean {
  return (
    carrier.target === named.target &&
    carrier.certain &&
    carrier.file === named.file &&
    named.edits.every((edit) => carrier.edits.some((each) => samePlace(each, edit)))
  );
}

function samePlace(one: Carrier['edits'][number], other: Carrier['edits'][number]): boolean {
  return JSON.stringify([one.document ?? 0, one.path]) === JSON.stringify([other.document ?? 0, other.path]);
}

/** Whether something cannot be set, and the policy names where the version is instead. */
function isNamedElsewhere(carrier: Carrier, all: readonly Carrier[]): boolean {
  return (
    carrier.blocked !== undefined &&
    carrier.byPolicy !== true &&
    all.some(({ byPolicy, target }) => byPolicy && target === carrier.target)
  );
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
