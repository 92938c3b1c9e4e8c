import { mapsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { type MapValue, mapAt, type YamlValue } from '../yaml/values.js';
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

/** What git-lfs has in place of a file. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\//;

/** A program, or a file that is elsewhere: what is deployed is not what stands there. */
export async function madeElsewhere(files: SideFiles, path: string): Promise<Elsewhere[]> {
  const content = (await files.text(path)) ?? '';
  const what = PROGRAM.test(path) ? 'a program' : POINTER.test(content) ? 'a pointer of Git LFS' : undefined;
  return what === undefined ? [] : [{ file: path, line: 1, what, content }];
}

/** What an Application is made with by a program: a plugin, values that jsonnet gets, a patch of what a generator makes. */
export function programsIn(object: MapValue): Omit<Elsewhere, 'file'>[] {
  const template = valueAt(object, ['spec', 'template', 'spec']);
  const specs = [valueAt(object, ['spec']), template].flatMap((each) => (each?.kind === 'map' ? [each] : []));
  const sources = specs.flatMap((spec) => [
    ...[mapAt(spec, 'source')].flatMap((each) => each ?? []),
    ...mapsIn(valueAt(spec, ['sources'])),
  ]);
  const found: [string, YamlValue | undefined][] = [
    ...sources.flatMap((source): [string, YamlValue | undefined][] => [
      ['a plugin', valueAt(source, ['plugin'])],
      ['values of jsonnet', valueAt(source, ['directory', 'jsonnet'])],
      // The whole text of a file is the value, which may be a tag.
      ['parameters from files', valueAt(source, ['helm', 'fileParameters'])],
    ]),
    ['"templatePatch"', valueAt(object, ['spec', 'templatePatch'])],
  ];
  return found.flatMap(([what, value]) =>
    value === undefined ? [] : [{ line: value.line, what, content: plain(value) }],
  );
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
