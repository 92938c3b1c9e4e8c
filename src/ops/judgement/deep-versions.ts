import { tagOf } from '../carriers/target.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { mapsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { fitsWildcards } from '../tree/wildcards.js';
import { type MapValue, mapAt, readValues, textAt, type YamlValue } from '../yaml/values.js';
import { isExact } from './exact-version.js';
import { fileVersions } from './file-versions.js';
import { plain } from './made-elsewhere.js';
import type { SideFiles } from './side-files.js';

/** A version under a key that says so, in whatever it is. */
export interface DeepVersion {
  /** As written. */
  version: string;
  line: number;
  /** What tells it from others of the file: where it stands, and for whom. */
  key: string;
}

/** A part of a file in which keys are nobody's that this project knows, and may say versions all the same. */
interface Part {
  value: YamlValue;
  /** Where it is, for its key. */
  at: string;
  /** What a template makes of it, where it fills one in: then repositories and revisions are versions as well. */
  filling?: string;
}

/**
 * Versions deep in what a file hands on: what generators fill into their Applications, parameters and values of charts, the spec of a
 * resource that some operator reads. What a carrier has is judged as that.
 *
 * @returns none of a file that is not there, or cannot be read
 */
export async function deepVersions(files: SideFiles, path: string): Promise<DeepVersion[]> {
  const objects = await files.objects(path);
  const parts = [...objects.flatMap(partsOf), ...(await generatedFrom(files, path))];
  if (parts.length === 0) {
    return [];
  }
  const { targets } = await fileVersions(files, path);
  const carried = new Set(
    targets.flatMap((target) => [
      ...[tagOf(target), 'digest' in target ? target.digest : undefined],
      ...(target.kind === 'image' ? [target.repository, `${target.repository}:${target.tag}`] : []),
    ]),
  );
  return parts.flatMap((part) => versionsIn(part).filter(({ version }) => !carried.has(version)));
}

const IMAGE_KEY = /(?:tag|image|digest|sha)$|^(?:app[-_]?)?version$|image[-_]?(?:version|name|ref|reference|url)$/i;
/** What else decides what a generator's Application is made of. */
const SOURCE_KEY = /(?:version|revision|branch|ref|repo|repo[-_]?url|repository|registry|chart)$/i;
/** Keys under which words of people stand, or such that pick what is there. */
const FREE_KEY = /^(?:labels|annotations|matchLabels|match\w*|selector|\w+Selector)$/;

function versionsIn({ value, at, filling }: Part): DeepVersion[] {
  const isOne = ({ key, text }: Said) =>
    isSaid(text) &&
    (IMAGE_KEY.test(key) || (filling !== undefined && (isExact(text) || (SOURCE_KEY.test(key) && !isOwnBranch(text)))));
  return saidIn(value, { place: at, key: '', filling })
    .filter(isOne)
    .map(({ text, line, place }) => ({ version: text, line, key: `${place} ${text}` }));
}

/** A text with the last of the keys that it stands under. */
interface Said {
  key: string;
  text: string;
  line: number;
  place: string;
}

function saidIn(value: YamlValue, above: { place: string; key: string; filling: string | undefined }): Said[] {
  const { place, key, filling } = above;
  const below = (each: YamlValue, name: string, next = key) =>
    saidIn(each, { place: `${place}/${name}`, key: next, filling });
  if (value.kind === 'text') {
    const inner = /[\n{[]|^\s*[\w.-]+:\s/.test(value.text) ? documentsOf(value.text) : [];
    const own = { key: key.split('.').at(-1) ?? key, text: value.text, line: value.line, place };
    return inner.length === 0
      ? [own]
      : inner.flatMap((each) => saidIn(each, above).map((said) => ({ ...said, line: value.line })));
  }
  if (value.kind === 'list') {
    return value.items.flatMap((item, index) => below(item, nameIn(item, index, filling)));
  }
  const [name, said] = [textAt(value, 'name'), value.entries.get('value')];
  const parameter = name !== undefined && said?.kind === 'text' ? below(said, name, name) : [];
  const entries = FREE_KEY.test(key) ? [] : [...value.entries];
  return [...parameter, ...entries.flatMap(([inner, each]) => below(each, inner, inner))];
}

/** What tells an item from others: of what is filled in, that which decides where it goes. */
function nameIn(item: YamlValue, index: number, filling: string | undefined): string {
  if (item.kind !== 'map') {
    return String(index);
  }
  const own = [...item.entries].filter(([key, { kind }]) => kind === 'text' && filling?.includes(key) === true);
  return filling === undefined || item.entries.size === 0
    ? (textAt(item, 'name') ?? String(index))
    : plain(own.filter(([key]) => !IMAGE_KEY.test(key) && !SOURCE_KEY.test(key)));
}

/** Whether a text says something itself. What a template or a variable fills in is judged where that stands. */
function isSaid(text: string): boolean {
  // Of a policy, it is a pattern, which names nothing that runs.
  if (/[*!?|<>\s]/.test(text.replace(/\{\{[^{}]*\}\}/g, '').trim())) {
    return false;
  }
  const rest = text.replace(/\{\{[^{}"'`]*\}\}|\$\{\w+\}/g, '');
  return !/^(?:v|[-_.:/@])*$/.test(rest) && !/^(?:true|false|null|~)$/.test(rest);
}

/** The branches by which a repository is called without a name. Of another repository, none is exact, which is judged apart. */
function isOwnBranch(text: string): boolean {
  return /^(?:HEAD|main|master)$/.test(text);
}

function documentsOf(text: string): YamlValue[] {
  try {
    return readValues(text.replace(/\{\{[^{}]*\}\}/g, '*'), '').filter(({ kind }) => kind !== 'text');
  } catch {
    return [];
  }
}

/** Groups of Kubernetes itself, of kustomize, and of what is read as an object of a reconciler. */
const KNOWN_GROUP = /^([^.]+|.*\.(k8s\.io|fluxcd\.io)|argoproj\.io|fluxcd\.controlplane\.io)$/;

function partsOf(object: MapValue): Part[] {
  const [group = ''] = (textAt(object, 'apiVersion') ?? '').split('/');
  const part = (path: readonly string[], filling?: string): Part[] => {
    const value = valueAt(object, path);
    const at = `${textAt(object, 'kind') ?? ''}/${nameOf(object)}/${path.join('/')}`;
    return value === undefined ? [] : [{ value, at, ...(filling === undefined ? {} : { filling }) }];
  };
  switch (textAt(object, 'kind')) {
    case 'Application':
      return helmOf(object, ['spec']);
    case 'ApplicationSet':
      return [...generatorsOf(object), ...helmOf(object, ['spec', 'template', 'spec'])];
    case 'HelmRelease':
      return part(['spec', 'values']);
    case 'ResourceSet':
      return part(['spec', 'inputs'], '');
    case 'ResourceSetInputProvider':
      return part(['spec', 'defaultValues'], '');
    default:
      return KNOWN_GROUP.test(group) ? [] : part(['spec']);
  }
}

function nameOf(object: MapValue): string {
  const metadata = mapAt(object, 'metadata');
  return (metadata && textAt(metadata, 'name')) ?? '';
}

/** What generators say themselves; what some of them read elsewhere is judged apart. */
function generatorsOf(set: MapValue): Part[] {
  const value = valueAt(set, ['spec', 'generators']);
  return value === undefined
    ? []
    : [{ value: withoutAsked(value), at: `${nameOf(set)}/generators`, filling: fillingOf(set) }];
}

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/ */
const ASKING = new Set(['git', 'pullRequest', 'scmProvider', 'clusterDecisionResource']);

function withoutAsked(value: YamlValue): YamlValue {
  if (value.kind === 'list') {
    return { ...value, items: value.items.map(withoutAsked) };
  }
  if (value.kind === 'text') {
    return value;
  }
  const entries = [...value.entries].map(([key, inner]): [string, YamlValue] => {
    if (!ASKING.has(key) || inner.kind !== 'map') {
      return [key, withoutAsked(inner)];
    }
    return [key, { ...inner, entries: new Map([...inner.entries].filter(([name]) => name === 'values')) }];
  });
  return { ...value, entries: new Map(entries) };
}

/** What an ApplicationSet fills in where it says what goes where: the texts of all its actions, but of those in values of charts. */
function fillingOf(set: MapValue): string {
  const spec = valueAt(set, ['spec', 'template', 'spec']);
  const sources = spec?.kind === 'map' ? sourcesOf(spec) : [];
  const said = [
    ...['destination', 'project'].map((key) => (spec?.kind === 'map' ? spec.entries.get(key) : undefined)),
    ...sources.flatMap((source) => ['path', 'repoURL', 'chart'].map((key) => source.entries.get(key))),
  ];
  return [...plain(said).matchAll(/\{\{([^{}]*)\}\}/g)].map(([, action = '']) => action).join(' ');
}

function sourcesOf(spec: MapValue): MapValue[] {
  const single = mapAt(spec, 'source');
  return [...(single === undefined ? [] : [single]), ...mapsAt(spec, 'sources')];
}

function helmOf(object: MapValue, path: readonly string[]): Part[] {
  const spec = valueAt(object, path);
  return (spec?.kind === 'map' ? sourcesOf(spec) : []).flatMap((source, index) =>
    ['parameters', 'valuesObject', 'values'].flatMap((key): Part[] => {
      const value = valueAt(source, ['helm', key]);
      return value === undefined ? [] : [{ value, at: `${nameOf(object)}/${index}/${key}` }];
    }),
  );
}

/** The ApplicationSets of a side, with the files that their generators read. */
const sets = new WeakMap<SideFiles, Promise<{ patterns: string[]; filling: string }[]>>();

/** What a file is to generators that read it. */
async function generatedFrom(files: SideFiles, path: string): Promise<Part[]> {
  if (!/\.(ya?ml|json)$/.test(path)) {
    return [];
  }
  const known = sets.get(files) ?? readSets(files);
  sets.set(files, known);
  const readers = (await known).filter(({ patterns }) => patterns.some((pattern) => fitsWildcards(pattern, path)));
  const text = readers.length === 0 ? undefined : await files.text(path);
  const values = text === undefined ? [] : documentsOf(text);
  return readers.flatMap(({ filling }) => values.map((value) => ({ value, at: '', filling })));
}

async function readSets(files: SideFiles): Promise<{ patterns: string[]; filling: string }[]> {
  const paths = files.paths.filter((path) => /\.(ya?ml|json)$/.test(path));
  const found = await Promise.all(
    paths.map(async (path) =>
      (await files.text(path))?.includes('ApplicationSet') === true ? files.objects(path) : [],
    ),
  );
  return found
    .flat()
    .filter((object) => textAt(object, 'kind') === 'ApplicationSet')
    .map((set) => ({ patterns: patternsIn(valueAt(set, ['spec', 'generators'])), filling: fillingOf(set) }));
}

/** The files that generators read, however deep in a matrix or a merge they are. `**` and `?` may be anything. */
function patternsIn(value: YamlValue | undefined): string[] {
  if (value === undefined || value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap(patternsIn);
  }
  const own = mapsIn(valueAt(value, ['git', 'files'])).flatMap((each) => textAt(each, 'path') ?? []);
  return [
    ...own.map((path) => path.replace(/\{\{[^{}]*\}\}|[?[{].*/g, '*').replace(/^\.?\//, '')),
    ...[...value.entries.values()].flatMap(patternsIn),
  ];
}
