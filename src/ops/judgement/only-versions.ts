import { posix } from 'node:path';
import { tagOf } from '../carriers/target.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { InvalidYaml } from '../yaml/parse.js';
import { readValues, type YamlValue } from '../yaml/values.js';
import { fileVersions } from './file-versions.js';
import type { SideFiles } from './side-files.js';

/** Keys under which a version stands; anything else may be a number that only looks like one. */
const CARRYING = /(image|tag|digest|version|revision|chart|ref|name|value|url|resources|bases|components)s?$/i;

/** What differs between the locks of a chart: which versions they have is judged with the chart. */
const OF_LOCKS = new Set(['version', 'digest', 'generated']);

/**
 * Whether a file says the same on both sides but for versions: of images, charts and bases, wherever one is carried. Comments
 * and layout are nobody's matter. A file that comes or goes, or cannot be read as YAML, says more.
 */
export async function changesOnlyVersions(before: SideFiles, after: SideFiles, path: string): Promise<boolean> {
  const [old, next] = await Promise.all([before.text(path), after.text(path)]);
  if (old === undefined || next === undefined) {
    return false;
  }
  const sides = await Promise.all([fileVersions(before, path), fileVersions(after, path)]);
  const versions = sides.flatMap(({ targets }) =>
    targets.flatMap((target) => [tagOf(target), 'digest' in target ? target.digest : undefined]),
  );
  const known = versions.filter((version) => version !== undefined).filter((version) => version !== '');
  if (/\.(env|properties)$|(^|\/)\.env/.test(path)) {
    return variablesWithout(old) === variablesWithout(next);
  }
  try {
    const [one, other] = [old, next].map((text) =>
      JSON.stringify(withoutVersions(readValues(text, path), path, known)),
    );
    return one === other;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return false;
    }
    throw error;
  }
}

/** Lines of a file of variables, `KEY=value`: which version a variable stands for is judged with its app. */
function variablesWithout(text: string): string {
  return text.split('\n').map(lineWithout).join('\n');
}

function lineWithout(line: string): string {
  const at = line.indexOf('=');
  const [key, value] = [line.slice(0, at), line.slice(at + 1)];
  const isVersion =
    at >= 0 && /(?:image|tag|digest|version)$/i.test(key) && /^[\w.:@/-]+$/.test(value) && /\d/.test(value);
  return isVersion ? `${key}=*` : line;
}

function withoutVersions(documents: readonly YamlValue[], path: string, known: readonly string[]): unknown {
  const isLock = posix.basename(path) === 'Chart.lock';
  function masked(value: YamlValue, key: string): unknown {
    if (value.kind === 'text') {
      return CARRYING.test(key) ? maskedText(value.text) : value.text;
    }
    if (value.kind === 'list') {
      return value.items.map((item) => masked(item, key));
    }
    // In the order of keys: YAML has none.
    const entries = [...value.entries]
      .filter(([name]) => !(isLock && OF_LOCKS.has(name)))
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return entries.map(([name, inner]) => [name, masked(inner, name)]);
  }
  /** A version is the whole text, or the end of a reference: `repository:tag@digest`, `…?ref=tag`. */
  function maskedText(text: string): string {
    const end = known.find(
      (version) => text === version || (text.endsWith(version) && /[:@=]$/.test(text.slice(0, -version.length))),
    );
    return end === undefined ? text : maskedText(text.slice(0, -end.length).replace(/[:@=]$/, ''));
  }
  return documents.map((document) => {
    if (document.kind !== 'map') {
      return masked(document, '');
    }
    // Which image an entry is of is the rules' own matter: they judge what the environment holds.
    const own = [...document.entries].filter(([key]) => !(isKustomization(path) && key === 'images'));
    return masked({ ...document, entries: new Map(own) }, '');
  });
}
