import { posix } from 'node:path';
import { mapsAt } from '../kustomize/list-fields.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import { openPath } from '../reconcilers/object-inputs.js';
import { type MapValue, mapAt, textAt } from '../yaml/values.js';
import type { SideFiles } from './side-files.js';

/** A value of a ConfigMap, or of one that kustomize generates, that a HelmRelease puts into values of its chart. */
export interface AimedValue {
  /** The key in the ConfigMap. */
  key: string;
  /** Where it is put: `image.tag`. */
  path: string;
  text: string;
  line: number;
}

/**
 * The values in a file that a HelmRelease puts somewhere with `targetPath`.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#values-references
 */
export async function aimedValues(files: SideFiles, path: string): Promise<AimedValue[]> {
  const maps = await files.maps(path);
  const found = await Promise.all(
    maps
      .flatMap((map) => [...ownValues(map), ...generatedValues(path, map)])
      .map(async ({ name, key, text, file, line }) => {
        const aims = await aimsOf(files, name);
        const value = async () => (file === undefined ? (text ?? '') : ((await files.text(file)) ?? '').trim());
        return Promise.all(
          aims
            .filter((aim) => aim.key === key)
            .map(async (aim) => ({ key, path: aim.path, line, text: await value() })),
        );
      }),
  );
  return found.flat();
}

/** A value under a key of a ConfigMap: a text, or that of a file. */
interface Entry {
  name: string;
  key: string;
  text?: string;
  file?: string;
  line: number;
}

function ownValues(map: MapValue): Entry[] {
  const kind = textAt(map, 'kind') ?? '';
  const data = ['data', 'stringData'].map((key) => (/^(ConfigMap|Secret)$/.test(kind) ? mapAt(map, key) : undefined));
  const metadata = mapAt(map, 'metadata');
  const name = (metadata && textAt(metadata, 'name')) ?? '';
  return data.flatMap((entries) =>
    [...(entries?.entries ?? [])].flatMap(([key, value]) =>
      value.kind === 'text' ? [{ name, key, text: value.text, line: value.line }] : [],
    ),
  );
}

/** What kustomize generates. The names that it gives are these, with a hash behind or without. */
function generatedValues(path: string, root: MapValue): Entry[] {
  return ['configMapGenerator', 'secretGenerator']
    .flatMap((key) => mapsAt(root, key))
    .flatMap((generator) => {
      const [name, line] = [textAt(generator, 'name') ?? '', generator.line];
      const literals = textsIn(generator.entries.get('literals')).map((text) => ({ ...pairIn(text), name, line }));
      const named = textsIn(generator.entries.get('files')).map((written) => {
        const pair = pairIn(written.includes('=') ? written : `${posix.basename(written)}=${written}`);
        return { name, line, key: pair.key, file: openPath(posix.join(posix.dirname(path), pair.text)) };
      });
      return [...literals, ...named];
    });
}

function pairIn(text: string): { key: string; text: string } {
  const at = text.indexOf('=');
  return { key: text.slice(0, at), text: text.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2') };
}

/** The keys of a ConfigMap that a HelmRelease puts somewhere, and where. */
async function aimsOf(files: SideFiles, name: string): Promise<{ key: string; path: string }[]> {
  const aims: { key: string; path: string }[] = [];
  for (const path of name === '' ? [] : files.paths.filter((each) => /\.(ya?ml|json)$/.test(each))) {
    if ((await files.text(path))?.includes('targetPath') !== true) {
      continue;
    }
    for (const object of await files.objects(path)) {
      const spec = mapAt(object, 'spec');
      for (const item of spec === undefined ? [] : mapsAt(spec, 'valuesFrom')) {
        const target = textAt(item, 'targetPath');
        if (target !== undefined && textAt(item, 'name') === name) {
          aims.push({ key: textAt(item, 'valuesKey') ?? 'values.yaml', path: target });
        }
      }
    }
  }
  return aims;
}
