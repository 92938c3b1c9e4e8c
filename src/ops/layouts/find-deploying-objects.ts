import type { DeployingObject } from '../overlays/layout.js';
import { type Layout, ownTemplates } from '../overlays/layout.js';
import { overlayOfPath, overlayPattern } from '../overlays/overlay-path.js';
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
  const wide = folders.filter((each) => !fit.includes(each) && each.values.length === 0 && isAbove(layout, each.path));
  const repositories = ownRepositories(fit.length > 0 ? fit : wide);
  const own = [...fit, ...wide].filter(({ repository }) => repositories.has(repository));
  const updaters = updatersIn(files);
  const above = new Set(wide);
  return own.flatMap((folder) => {
    const { file, object, name, path, values, revision, isSetting = false, components = [] } = folder;
    const isSet = object.startsWith('ApplicationSet/');
    const isWide = above.has(folder) && !isOfEnvironment(layout, path);
    const deploying: DeployingObject = {
      ...{ file, object, name, path, values, components, revision },
      ...{ isSetting, isSet, isWide },
    };
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

/** The repository that most of these folders are in, and that of objects which name none. */
function ownRepositories(folders: readonly FoundFolder[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { repository } of folders) {
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return new Set(['', ...[...counts].filter(([, count]) => count === most).map(([repository]) => repository)]);
}

/** Whether a path is in an overlay, or has overlays right in it. */
function isOfOverlays(layout: Layout, path: string): boolean {
  return path !== '' && (overlayOfPath(layout, path) ?? overlayOfPath(layout, `${path}/any`)) !== undefined;
}

/** Whether overlays of the layout are somewhere below a path: the root, `overlays`, `production` with `production/apps/web`. */
function isAbove(layout: Layout, path: string): boolean {
  return templatesBelow(layout, path).length > 0;
}

/** Whether all overlays below a path are of one environment, because the path says it. */
function isOfEnvironment(layout: Layout, path: string): boolean {
  const depth = segmentsOf(path).length;
  return templatesBelow(layout, path).every((template) =>
    template.split('/').slice(0, depth).join('/').includes('{environment}'),
  );
}

/** The templates of overlays that may be below a path. */
function templatesBelow(layout: Layout, path: string): string[] {
  const segments = segmentsOf(path);
  const all = [...layout.templates, ...ownTemplates(layout).map(({ template }) => template)];
  const isBelow = (place: string) => {
    const names = place.split('/');
    return (
      names.length > segments.length &&
      segments.every((segment, index) => overlayPattern(names[index] ?? '').test(segment))
    );
  };
  return all.filter((template) => [...(layout.places?.get(template)?.values() ?? [template])].some(isBelow));
}

function segmentsOf(path: string): string[] {
  return path === '' ? [] : path.split('/');
}
