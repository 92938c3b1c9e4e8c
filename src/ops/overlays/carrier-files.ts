import { appOfImage } from '../carriers/app-of-image.js';
import { sameRepository } from '../carriers/image-reference.js';
import type { NamedValue } from '../carriers/overlay-file.js';
import type { CarrierPolicy } from '../policy/carrier-policy.js';
import { isFilePattern } from '../policy/overlay-pattern.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { Layout } from './layout.js';
import { overlayTemplatesOf } from './layout.js';

/**
 * The templates of all that says an app's version: its overlays, and files in which the policy names it.
 */
export function templatesOf(layout: Layout, app: string): readonly string[] {
  return [...new Set([...overlayTemplatesOf(layout, app), ...carrierTemplates(layout, app)])];
}

/** Which parts of a layout say whose the values are that a policy names. */
export type CarrierLayout = Pick<Layout, 'templates' | 'apps' | 'further' | 'carriers'>;

/**
 * Files in which the policy names versions, and which are in no overlay, as templates of overlays.
 *
 * @param app those of one app; without it those of all
 */
export function carrierTemplates(layout: CarrierLayout, app?: string): string[] {
  const files = outsideCarriers(layout)
    .filter((carrier) => app === undefined || isCarrierOf(layout, carrier, app))
    .map(({ file }) => file);
  return [...new Set(files)];
}

/** The values that the policy names in files of no overlay. */
export function outsideCarriers(layout: CarrierLayout): CarrierPolicy[] {
  const { templates, apps, further = [], carriers = [] } = layout;
  if (carriers.length === 0) {
    return [];
  }
  const own = [...(apps ?? [])].flatMap(([, { overlay }]) => overlay ?? []);
  const all = [...templates, ...own, ...further.map(({ template }) => template)];
  return carriers.filter(({ file }) => file.includes('{environment}') && !all.some((each) => isInside(file, each)));
}

/** Whether a pattern of a file may be one of a file in an overlay. */
function isInside(file: string, template: string): boolean {
  const [inner, outer] = [file.split('/'), template.split('/')];
  const isLong = isFilePattern(template) ? inner.length === outer.length : inner.length >= outer.length;
  return isLong && outer.every((segment, index) => fits(inner[index] ?? '', segment));
}

function fits(inner: string, outer: string): boolean {
  return inner === outer || inner === '*' || (outer.includes('{app}') && !/\{environment\}/.test(inner + outer));
}

/** Whether a value says the version of an app: its file or image is called after it, or the policy gives it the image. */
export function isCarrierOf({ apps }: Pick<Layout, 'apps'>, carrier: CarrierPolicy, app: string): boolean {
  const { file, path, image } = carrier;
  if ([file, image, ...path].some((each) => String(each).includes('{app}'))) {
    return true;
  }
  const all = [...(apps ?? [])];
  const owner = all.find(([, { images }]) => images.some((each) => sameRepository(each, image)))?.[0];
  return (owner ?? appOfImage(image, [...all.map(([name]) => name), app])) === app;
}

/** A value that the policy names, for one app in one environment. */
export interface CarrierPlace {
  /** Path of the file; `undefined` where it has a name that is any. */
  path: string | undefined;
  /** Whether a path is that of its file. */
  matches(path: string): boolean;
  /** Whether it is the app's, wherever its file is. */
  isOwn: boolean;
  value: NamedValue;
}

/** The values that the policy names, as they are for an app in an environment. */
export function carrierPlaces(
  layout: Pick<Layout, 'apps' | 'carriers'>,
  { environment, app }: AppEnvironment,
): CarrierPlace[] {
  const filled = (text: string) => text.replaceAll('{environment}', environment).replaceAll('{app}', app);
  return (layout.carriers ?? []).map((carrier) => {
    const file = filled(carrier.file).split('/');
    const path = carrier.path.map((segment) => (typeof segment === 'string' ? filled(segment) : segment));
    return {
      path: file.includes('*') ? undefined : file.join('/'),
      matches: (other) => {
        const segments = other.split('/');
        return segments.length === file.length && file.every((each, index) => each === '*' || each === segments[index]);
      },
      isOwn: isCarrierOf(layout, carrier, app),
      value: {
        path,
        object: carrier.object,
        image: filled(carrier.image),
        where: carrier.where,
        optional: isOptional(carrier),
      },
    };
  });
}

/** Whether a pattern leads to values of other apps too, so that one that is not there is no mistake. */
function isOptional({ file, path, image }: CarrierPolicy): boolean {
  return /\{app\}|\*/.test(file) ? !image.includes('{app}') : path.some((segment) => String(segment).includes('{app}'));
}
