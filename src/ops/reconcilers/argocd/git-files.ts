import { posix } from 'node:path';
import { parseRemote } from '../../kustomize/remote.js';
import { type MapValue, readValues, textAt, type YamlValue } from '../../yaml/values.js';
import { mapsIn, plainPath } from '../deployed-folder.js';
import { hasShape, mapAt, valueAt } from '../fields.js';
import type { FilePattern, ReadFile } from '../reconciler.js';
import { APPLICATION_SET } from './shape.js';

/**
 * The files from which the git generators of an ApplicationSet take their parameters: those in the repository that the
 * Applications are deployed from too.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/#git-generator-files
 */
export function generatorFiles(object: MapValue): FilePattern[] {
  return hasShape(object, APPLICATION_SET)
    ? gitGenerators(valueAt(object, ['spec', 'generators'])).flatMap((git) => patternsOf(git, object))
    : [];
}

/** An ApplicationSet with lists in the place of generators that read files, as far as these were read. */
export function withGeneratorFiles(
  object: MapValue,
  filesOf: (pattern: FilePattern) => readonly ReadFile[] | undefined,
): MapValue {
  const spec = hasShape(object, APPLICATION_SET) ? mapAt(object, 'spec') : undefined;
  const generators = spec?.entries.get('generators');
  if (spec === undefined || generators === undefined) {
    return object;
  }
  return withEntry(object, 'spec', withEntry(spec, 'generators', mapped(generators)));

  function mapped(value: YamlValue): YamlValue {
    return value.kind === 'list'
      ? { ...value, items: value.items.map((each) => (each.kind === 'map' ? ofGenerator(each) : each)) }
      : value;
  }

  function ofGenerator(generator: MapValue): MapValue {
    const matrix = mapAt(generator, 'matrix');
    const inner = matrix?.entries.get('generators');
    if (matrix !== undefined && inner !== undefined) {
      return withEntry(generator, 'matrix', withEntry(matrix, 'generators', mapped(inner)));
    }
    const git = mapAt(generator, 'git');
    const read = git === undefined ? [] : patternsOf(git, object).map(filesOf);
    if (git === undefined || read.length === 0 || read.some((files) => files === undefined)) {
      return generator;
    }
    const files = read.flatMap((each) => each ?? []);
    const once = files.filter(({ path }, index) => files.findIndex((each) => each.path === path) === index);
    const items = once.flatMap((file) => parametersIn(file, textAt(git, 'pathParamPrefix')));
    const elements: YamlValue = { kind: 'list', line: git.line, items };
    const list: MapValue = { kind: 'map', line: git.line, entries: new Map([['elements', elements]]) };
    return { ...generator, entries: new Map([['list', list]]) };
  }
}

function withEntry(map: MapValue, key: string, value: YamlValue): MapValue {
  return { ...map, entries: new Map([...map.entries, [key, value]]) };
}

function gitGenerators(generators: YamlValue | undefined): MapValue[] {
  return mapsIn(generators).flatMap((generator) => [
    ...[mapAt(generator, 'git') ?? []].flat(),
    ...gitGenerators(valueAt(generator, ['matrix', 'generators'])),
  ]);
}

/** The files of a git generator; none where it leaves some out, or reads another repository. */
function patternsOf(git: MapValue, object: MapValue): FilePattern[] {
  const files = mapsIn(valueAt(git, ['files']));
  const paths = files.map((file) => plainPath(textAt(file, 'path') ?? ''));
  const isPlain = files.every((file) => textAt(file, 'exclude') !== 'true');
  const isRead = paths.every((path) => path !== undefined && path !== '' && !path.includes('**'));
  return isPlain && isRead && isOwn(git, object) ? paths.flatMap((path) => path ?? []) : [];
}

/** Whether a generator reads the repository that the Applications, or their values, are taken from. */
function isOwn(git: MapValue, object: MapValue): boolean {
  const spec = mapAt(object, 'spec', 'template', 'spec');
  const single = spec && mapAt(spec, 'source');
  const sources = [...(single === undefined ? [] : [single]), ...mapsIn(spec && valueAt(spec, ['sources']))];
  return sources.some((source) => addressOf(source) === addressOf(git));
}

function addressOf(source: MapValue): string {
  const url = textAt(source, 'repoURL') ?? '';
  return (parseRemote(url)?.repository ?? url).toLowerCase();
}

/** The parameters of each Application that a file makes: one, or as many as it has items. What is no YAML makes none. */
function parametersIn({ path, text }: ReadFile, prefix: string | undefined): MapValue[] {
  try {
    return readValues(text, path)
      .flatMap((root) => (root.kind === 'list' ? root.items : [root]))
      .flatMap((root) => (root.kind === 'map' ? [{ ...root, entries: withPath(root, path, prefix) }] : []));
  } catch {
    return [];
  }
}

/** What a generator says of where a file is, in both syntaxes of templates. */
function withPath({ entries, line }: MapValue, file: string, prefix: string | undefined): Map<string, YamlValue> {
  const folder = posix.dirname(file);
  const segments = folder.split('/');
  const start = prefix === undefined ? 'path' : `${prefix}.path`;
  const said: [string, string][] = [
    [start, folder],
    [`${start}.path`, folder],
    [`${start}.basename`, segments.at(-1) ?? ''],
    [`${start}.filename`, posix.basename(file)],
    ...segments.map((segment, index): [string, string] => [`${start}[${index}]`, segment]),
    ...segments.map((segment, index): [string, string] => [`index .${start}.segments ${index}`, segment]),
  ];
  return new Map([...entries, ...said.map(([key, text]) => [key, { kind: 'text', line, text } as const] as const)]);
}
