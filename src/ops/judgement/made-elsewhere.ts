import { posix } from 'node:path';
import { mapsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { openPath } from '../reconcilers/object-inputs.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../yaml/values.js';
import type { SideFiles } from './side-files.js';

/** Something that is not what is deployed, and decides it. */
export interface Elsewhere {
  file: string;
  line: number;
  /** For people. */
  what: string;
  /** With another one, something else is deployed. */
  content: string;
}

/** Programs that Argo CD runs to see what is to be deployed. */
const PROGRAM = /\.(jsonnet|libsonnet)$/;

/** Charts that a chart depends on, as Helm puts them beside it. */
const PACKED = /\.(tgz|tar\.gz)$/;

/**
 * What git-lfs has in place of a file, also as its first releases wrote it, and with extensions or empty lines before.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
const POINTER = /^version (?:https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/|http:\/\/git-media\.io\/v\/)/m;
/** A pointer is no longer. */
const MOST_OF_POINTER = 1024;

/** A program, an archive, or a file that is elsewhere: what is deployed is not what stands there. */
export async function madeElsewhere(files: SideFiles, path: string): Promise<Elsewhere[]> {
  const content = (await files.text(path)) ?? '';
  const isPacked = PACKED.test(path) && files.isInChart(path);
  const what = PROGRAM.test(path)
    ? 'a program'
    : isPacked
      ? 'a packed chart'
      : POINTER.test(content.slice(0, MOST_OF_POINTER))
        ? 'a pointer of Git LFS'
        : undefined;
  return what === undefined ? [] : [{ file: path, line: 1, what, content }];
}

/** What an Application is made with by a program: a plugin, values that jsonnet gets, a patch of what a generator makes. */
export function programsIn(object: MapValue): Omit<Elsewhere, 'file'>[] {
  const found: [string, YamlValue | undefined][] = [
    ...sourcesOf(object).flatMap((source): [string, YamlValue | undefined][] => [
      ['a plugin', valueAt(source, ['plugin'])],
      ['values of jsonnet', valueAt(source, ['directory', 'jsonnet'])],
    ]),
    ['"templatePatch"', valueAt(object, ['spec', 'templatePatch'])],
  ];
  return found.flatMap(([what, value]) =>
    value === undefined ? [] : [{ line: value.line, what, content: plain(value) }],
  );
}

/**
 * The parameters of charts that an Application takes from files: the whole text of one is the value, which may be a tag.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-file-parameters
 */
export async function fileParameters(
  files: SideFiles,
  object: MapValue,
): Promise<(Omit<Elsewhere, 'file'> & { copied: string })[]> {
  const found = sourcesOf(object).map(async (source) => {
    const value = valueAt(source, ['helm', 'fileParameters']);
    const folder = textAt(source, 'path') ?? '';
    const texts = mapsIn(value).map(({ entries }) => {
      const path = entries.get('path');
      const written = path?.kind === 'text' ? path.text : '';
      const rooted = /^(?:\/|\$[^/]+\/)(.*)$/.exec(written)?.[1];
      return files.text(openPath(rooted ?? posix.join(folder, written)));
    });
    const copied = (await Promise.all(texts)).map((text) => (text ?? '').trim());
    return value === undefined
      ? []
      : [{ line: value.line, what: 'parameters from files', content: plain(value), copied: plain(copied) }];
  });
  return (await Promise.all(found)).flat();
}

function sourcesOf(object: MapValue): MapValue[] {
  const template = valueAt(object, ['spec', 'template', 'spec']);
  const specs = [valueAt(object, ['spec']), template].flatMap((each) => (each?.kind === 'map' ? [each] : []));
  return specs.flatMap((spec) => [
    ...[mapAt(spec, 'source')].flatMap((each) => each ?? []),
    ...mapsIn(valueAt(spec, ['sources'])),
  ]);
}

/** Values without the lines that they stand in. */
export function plain(value: YamlValue | undefined | string | readonly unknown[]): string {
  return (
    JSON.stringify(value, (key, inner: unknown) => {
      if (key === 'line') {
        return undefined;
      }
      return inner instanceof Map ? [...inner] : inner;
    }) ?? ''
  );
}
