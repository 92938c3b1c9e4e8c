import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import { plain } from './made-elsewhere.js';
import type { Sides } from './new-in.js';
import { newIn } from './new-in.js';
import type { SideFiles } from './side-files.js';

/** Something that the clusters' readers of YAML take otherwise than it looks, or that they do not agree on. */
interface Ambiguous {
  line: number;
  /** A sentence without its end: what is there, and what to write. */
  message: string;
  /** What tells it from others of the file. */
  key: string;
}

/**
 * What is read otherwise by what deploys it than by what judges it: signs that end a line for some, another encoding, keys in
 * other letters, values that are merged over others. What was there before is left alone.
 */
export async function ambiguousFiles(sides: Sides): Promise<Problem[]> {
  return (await newIn(sides, ambiguousIn, (one, old) => one.key === old.key)).map(
    ({ path, found: { line, message } }) => {
      const what = `${path}, line ${line}: what deploys it for ${sides.environment} may read it otherwise than it looks: ${message}.`;
      return { level: 'error', file: path, line, message: what };
    },
  );
}

async function ambiguousIn(files: SideFiles, path: string): Promise<Ambiguous[]> {
  const text = (await files.text(path)) ?? '';
  const signs = mayBeYaml(path, text) ? strangeSigns(text) : [];
  const maps = await files.maps(path);
  const isDecoded = isKustomization(path) || DECODED.test(posix.basename(path));
  return [
    ...signs,
    ...maps.flatMap((map) => mergedOver(map, isDecoded)),
    ...(isDecoded ? maps.flatMap(strangeKeys) : []),
    ...(isKustomization(path) ? maps.flatMap(olderKeys) : []),
  ];
}

/** Files that programs decode by the names of their fields, whatever the case of their letters. */
const DECODED = /^(Chart\.yaml|requirements\.yaml|\.argocd-source.*\.yaml)$/;

function mayBeYaml(path: string, text: string): boolean {
  return (
    /\.(ya?ml|json|tpl)$/.test(path) ||
    isKustomization(path) ||
    /apiVersion/.test(text.slice(0, 4000).replaceAll('\0', ''))
  );
}

/** @see https://yaml.org/spec/1.1/#id871136 what ends a line in YAML 1.1, which Go's readers take */
const ENDINGS = /[\r\u0085\u2028\u2029]/;
const NO_TEXT = /[\0\uFFFD]/;

function strangeSigns(text: string): Ambiguous[] {
  return text.split(/\r?\n/).flatMap((line, index): Ambiguous[] => {
    const [ending] = ENDINGS.exec(line) ?? [];
    const own = { line: index + 1, key: line };
    if (ending !== undefined) {
      const sign = `U+${ending.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
      return [
        { ...own, message: `${sign} ends the line for some readers: write a plain end of a line, or "\\u…" in quotes` },
      ];
    }
    return NO_TEXT.test(line) ? [{ ...own, message: 'it is no UTF-8: save it as that' }] : [];
  });
}

/** Values that are merged over such that stand before them, which readers of YAML do not agree on. */
function mergedOver(value: YamlValue, isDecoded: boolean): Ambiguous[] {
  if (value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap((item) => mergedOver(item, isDecoded));
  }
  const keys = [...value.entries.keys()];
  const at = keys.indexOf('<<');
  const merged = value.entries.get('<<');
  const sources = merged?.kind === 'list' ? merged.items : merged === undefined ? [] : [merged];
  const names = sources.flatMap((each) => (each.kind === 'map' ? [...each.entries.keys()] : []));
  const isOver = names.some((name) => keys.slice(0, at).includes(name)) || new Set(names).size < names.length;
  const own: Ambiguous[] =
    merged !== undefined && (isOver || isDecoded)
      ? [{ line: merged.line, message: '"<<" merges values over others: write them out', key: plain(value) }]
      : [];
  return [...own, ...[...value.entries.values()].flatMap((each) => mergedOver(each, isDecoded))];
}

/** What fields of these files are called, and those of their entries. */
const FIELDS = (
  'apiVersion kind metadata name namespace namePrefix nameSuffix resources bases components crds images newName newTag digest tagSuffix ' +
  'patches path patch target options patchesStrategicMerge patchesJson6902 replacements source targets select reject fieldPath fieldPaths ' +
  'replicas count helmCharts helmGlobals chartHome configHome helmChartInflationGenerator repo version releaseName valuesFile valuesInline ' +
  'valuesMerge additionalValuesFiles includeCRDs configMapGenerator secretGenerator generatorOptions files literals envs env behavior ' +
  'generators transformers validators configurations openapi vars labels commonLabels commonAnnotations buildMetadata sortOptions ' +
  'dependencies repository alias condition appVersion kustomize helm parameters values valueFiles'
).split(' ');
const KNOWN = new Set(FIELDS);
const FOLDED = new Map(FIELDS.map((field) => [folded(field), field]));
/** Fields that hold words of people, and those of other files. */
const FREE =
  /^(labels|annotations|commonLabels|commonAnnotations|pairs|valuesInline|values|literals|metadata|parameters)$/;

/** Go finds a field by its name in any case, and takes ſ for s. @see https://pkg.go.dev/encoding/json#Unmarshal */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function strangeKeys(value: YamlValue): Ambiguous[] {
  if (value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap(strangeKeys);
  }
  return [...value.entries].flatMap(([key, inner]): Ambiguous[] => {
    const field = KNOWN.has(key) ? undefined : FOLDED.get(folded(key));
    const own =
      field === undefined
        ? []
        : [{ line: inner.line, message: `"${key}" is taken for ${field}: write "${field}"`, key }];
    return [...own, ...(FREE.test(field ?? key) ? [] : strangeKeys(inner))];
  });
}

/** Words of kustomize that were in use once, or that versions of it read differently. */
function olderKeys(root: MapValue): Ambiguous[] {
  const tags = root.entries.get('imageTags');
  const older =
    tags === undefined
      ? []
      : [{ line: tags.line, message: '"imageTags" is an older word: write "images"', key: plain(tags) }];
  const suffixes = mapsAt(root, 'images').filter((entry) => (textAt(entry, 'tagSuffix') ?? '') !== '');
  return [
    ...older,
    ...suffixes.map((entry) => ({
      ...{ line: entry.line, key: plain(entry) },
      message: '"tagSuffix" makes another tag: write all of it as "newTag"',
    })),
  ];
}
