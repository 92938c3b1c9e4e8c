import { posix } from 'node:path';
import { mapsAt } from '../kustomize/list-fields.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import { openPath } from '../reconcilers/object-inputs.js';
import type { MapValue } from '../yaml/values.js';
import type { SideFiles } from './side-files.js';

/**
 * What is in the ConfigMaps and Secrets that a kustomization generates: Flux fills their values in as it does those of any other.
 *
 * @param root the kustomization
 * @param path of its file
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
 */
export async function generatedVariables(
  files: SideFiles,
  root: MapValue,
  path: string,
): Promise<[name: string, value: string][]> {
  const read = async (written: string) => (await files.text(openPath(posix.join(posix.dirname(path), written)))) ?? '';
  const found = ['configMapGenerator', 'secretGenerator']
    .flatMap((key) => mapsAt(root, key))
    .map(async (generator) => {
      const texts = (...keys: string[]) => keys.flatMap((key) => textsIn(generator.entries.get(key)));
      const lines = await Promise.all(texts('envs', 'env').map(read));
      const pairs = [...texts('literals'), ...lines.flatMap((text) => text.split('\n'))].map(pairIn);
      const own = await Promise.all(
        texts('files').map(async (written) => {
          const [name, file] = pairIn(written) ?? [posix.basename(written), written];
          return [name, await read(file)] as const;
        }),
      );
      return [...pairs.flatMap((pair) => (pair === undefined ? [] : [pair])), ...own];
    });
  const all = (await Promise.all(found)).flat();
  return all
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => [name, value.trim().replace(/^(["'])(.*)\1$/, '$2')]);
}

function pairIn(text: string): readonly [string, string] | undefined {
  const at = text.indexOf('=');
  return at < 0 ? undefined : [text.slice(0, at).trim(), text.slice(at + 1)];
}
