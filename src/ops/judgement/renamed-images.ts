import { fullRepository } from '../carriers/image-reference.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { RECONCILERS } from '../reconcilers/all.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import type { Sides } from './new-in.js';
import { newIn } from './new-in.js';
import type { SideFiles } from './side-files.js';

/** An image that is taken in the place of another one, at whatever version that has. */
interface Renamed {
  name: string;
  newName: string;
  line: number;
}

/**
 * Images that come in under the name of others, and that no app of the environment has. Of what says a version as well the rules
 * on versions tell.
 */
export async function renamedImages(sides: Sides): Promise<Problem[]> {
  const own = new Set(
    sides.held.flatMap(({ targets }) =>
      targets.flatMap((each) => (each.kind === 'image' ? [fullRepository(each.repository)] : [])),
    ),
  );
  const isSame = (one: Renamed, old: Renamed) => old.name === one.name && old.newName === one.newName;
  return (await newIn(sides, renamedIn, isSame))
    .filter(({ found }) => !own.has(fullRepository(found.newName)))
    .map(({ path, found: { name, newName, line } }) => {
      const what = `line ${line}: ${newName} comes into ${sides.environment} in the place of ${name}, and no app has it`;
      const advice = `write "apps: { <app>: { images: [${newName}] } }" into ostack.yaml, in a pull request of its own, for the app that it is of.`;
      return { level: 'error', file: path, line, message: `${what}: ${advice}` };
    });
}

async function renamedIn(files: SideFiles, path: string): Promise<Renamed[]> {
  const maps = isKustomization(path) ? await files.maps(path) : await files.objects(path);
  const deciding = maps.filter(
    (map) =>
      isKustomization(path) ||
      RECONCILERS.some((reconciler) => (reconciler satisfies Reconciler).inputsOf(map) !== undefined),
  );
  return deciding.flatMap(inValue);
}

function inValue(value: YamlValue): Renamed[] {
  switch (value.kind) {
    case 'text':
      return [];
    case 'list':
      return value.items.flatMap(inValue);
    case 'map':
      return [...ofImages(value), ...[...value.entries.values()].flatMap(inValue)];
  }
}

/** `images` of kustomize, and those of Argo CD: `name=newName:tag`. */
function ofImages(map: MapValue): Renamed[] {
  const entries = mapsAt(map, 'images').flatMap((entry): Renamed[] => {
    const newName = textAt(entry, 'newName');
    return newName === undefined || newName === ''
      ? []
      : [{ name: textAt(entry, 'name') ?? '', newName, line: entry.line }];
  });
  const line = map.entries.get('images')?.line ?? map.line;
  const texts = textsIn(map.entries.get('images')).flatMap((text): Renamed[] => {
    const [name = '', reference] = text.split('=');
    const newName = reference?.split('@')[0]?.replace(/:[^:/]*$/, '');
    return newName === undefined || newName === '' ? [] : [{ name, newName, line }];
  });
  return [...entries, ...texts];
}
