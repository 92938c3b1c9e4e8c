import { textAt } from '../yaml/values.js';
import type { Carrier } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { objectName } from './named-value.js';
import type { OverlayFile } from './overlay-file.js';

/** Objects that run an app each, so that two of them with one image are not two places of one version. */
const RUNNING = new Set(['HelmRelease', 'Application']);

/**
 * Of carriers of one image, those in other objects than the app's, where objects have different versions: of a HelmRelease
 * `web` at 1.0.0 and one `web-canary` at 1.1.0, that of `web-canary`. The app's object is called after it, also with the
 * name of the environment at one of its ends.
 *
 * @returns none where all have one version; `undefined` where which object is the app's is not clear
 */
export function ofOtherObjects(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] | undefined {
  const paths = new Set(carriers.map(({ file }) => file));
  const relevant = files.filter(({ path, text }) => paths.has(path) && /HelmRelease|Application/.test(text));
  if (carriers.length < 2 || relevant.length === 0) {
    return [];
  }
  const names = namesOf(relevant);
  const found = carriers.map((carrier) => ({ carrier, object: names.get(keyOf(carrier.file, carrier.document)) }));
  const objects = [...new Set(found.flatMap(({ object }) => object ?? []))];
  const versions = new Set(objects.map((object) => versionsOf(found, object)));
  if (versions.size < 2) {
    return [];
  }
  const own = objects.filter((object) => isOwn(files, carriers, object));
  const [meant] = own;
  return meant === undefined || own.length > 1
    ? undefined
    : found.flatMap(({ carrier, object }) =>
        object !== undefined && versionsOf(found, object) !== versionsOf(found, meant) ? [carrier] : [],
      );
}

/** The names of running objects, by file and document. */
function namesOf(files: readonly OverlayFile[]): Map<string, string> {
  return new Map(
    files.flatMap((file) =>
      overlayNodes(file).flatMap((node): [string, string][] =>
        node.path.length === 0 && node.value.kind === 'map' && RUNNING.has(textAt(node.value, 'kind') ?? '')
          ? [[keyOf(file.path, node.document), objectName(node)]]
          : [],
      ),
    ),
  );
}

function keyOf(file: string, document: number): string {
  return JSON.stringify([file, document]);
}

/** What is obeyed of an object's versions. */
function versionsOf(found: readonly { carrier: Carrier; object: string | undefined }[], object: string): string {
  const own = found.filter((each) => each.object === object && each.carrier.overriddenBy === undefined);
  return JSON.stringify([...new Set(own.map(({ carrier: { current } }) => current.tag ?? current.digest))].sort());
}

function isOwn(files: readonly OverlayFile[], carriers: readonly Carrier[], object: string): boolean {
  const name = object.slice(object.indexOf('/') + 1);
  const [first] = carriers;
  const file = files.find(({ path }) => path === first?.file);
  const app = file?.app ?? (first?.target.kind === 'image' ? first.target.image : '');
  const environment = file?.environment;
  return [app, `${app}-${environment}`, `${environment}-${app}`].includes(name);
}
