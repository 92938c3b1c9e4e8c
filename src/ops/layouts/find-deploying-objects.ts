import type { DeployingObject } from '../overlays/deploying-objects.js';
import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { mapsIn } from '../reconcilers/deployed-folder.js';
import { nameOf, valueAt } from '../reconcilers/fields.js';
import { fitsWildcards } from '../tree/wildcards.js';
import { textAt } from '../yaml/values.js';
import type { FoundFolder } from './deployments.js';
import type { ObjectFiles } from './object-files.js';

/**
 * The objects that deploy overlays of a layout. What deploys another repository by the same paths is left out: of the
 * repositories that objects name, the one is this that most of the overlays are taken from.
 */
export function deployingObjects(
  found: readonly FoundFolder[],
  { files }: Pick<ObjectFiles, 'files'>,
  layout: Layout,
): DeployingObject[] {
  const folders = found.filter(({ path }) => !path.includes('*'));
  const fit = folders.filter(({ path, values }) => [path, ...values].some((each) => isOfOverlays(layout, each)));
  const counts = new Map<string, number>();
  for (const { repository } of fit) {
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const own = fit.filter(({ repository }) => counts.get(repository) === most || repository === '');
  const updaters = updatersIn(files);
  return own.flatMap(({ file, object, name, path, values, revision, isSetting = false, components = [] }) => {
    const isSet = object.startsWith('ApplicationSet/');
    const deploying: DeployingObject = { file, object, path, values, components, revision, isSetting, isSet };
    const updating = updaters.filter((updater) => object.startsWith('Application') && updater.isOf(name));
    return [
      deploying,
      ...updating.map((each) => ({ ...deploying, file: each.file, object: each.object, isSetting: true })),
    ];
  });
}

/**
 * The objects that tell Argo CD Image Updater which Applications it writes to.
 *
 * @see https://argocd-image-updater.readthedocs.io/en/stable/configuration/applications/
 */
function updatersIn(
  files: ObjectFiles['files'],
): { file: string; object: string; isOf(application: string): boolean }[] {
  return files.flatMap(({ path: file, objects }) =>
    objects
      .filter((object) => textAt(object, 'kind') === 'ImageUpdater')
      .map((object) => {
        const patterns = mapsIn(valueAt(object, ['spec', 'applicationRefs'])).map(
          (each) => textAt(each, 'namePattern') ?? '',
        );
        const isOf = (application: string) => patterns.some((pattern) => fitsWildcards(pattern, application));
        return { file, object: `ImageUpdater/${nameOf(object) ?? ''}`, isOf };
      }),
  );
}

/** Whether a path is in an overlay, or has overlays in it. */
function isOfOverlays(layout: Layout, path: string): boolean {
  return path !== '' && (overlayOfPath(layout, path) ?? overlayOfPath(layout, `${path}/any`)) !== undefined;
}
