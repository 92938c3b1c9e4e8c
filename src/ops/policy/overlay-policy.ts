import type { ConfigFile } from '../../config/read-config.js';
import { parseReference } from '../carriers/image-reference.js';
import { isWithin, overlayProblem } from './overlay-pattern.js';
import { type Lodging, liveApart } from './places.js';
import type { PolicyText } from './policy-schema.js';

/** What the policy says of one app, because the tree cannot. */
export interface AppPolicy {
  /** Pattern of the app's own overlays; `undefined` where those of all apps fit. */
  overlay: string | undefined;
  /** Repositories of its images that are not named after it. */
  images: readonly string[];
}

/** Where the policy says that apps are. */
export interface OverlayPolicy {
  /** Patterns of overlays; empty to tell them from the tree. */
  overlays: readonly string[];
  /** Apps that the policy says something of, by name. */
  apps: ReadonlyMap<string, AppPolicy>;
}

/**
 * Reads where a policy says that overlays are: `overlays`, its short form `overlay`, and `apps`.
 *
 * @throws ConfigError with file and line where a pattern is not valid, two of them or two apps cannot be told apart, or an
 *   image is none
 */
export function overlayPolicyOf(config: ConfigFile<PolicyText>): OverlayPolicy {
  const { overlay, overlays, apps, environments } = config.value;
  const apart = liveApart(Object.entries(environments).map(([name, said]) => lodgingOf(name, said)));
  if (overlay !== undefined && overlays !== undefined) {
    throw config.error(['overlay'], 'it is the short form of "overlays", which is there too. Keep one of them.');
  }
  const patterns = overlays ?? (overlay === undefined ? [] : [overlay]);
  for (const [index, pattern] of patterns.entries()) {
    const outer = patterns.find((each) => isWithin(pattern, each));
    const problem =
      overlayProblem(pattern, apart) ??
      (outer === undefined
        ? undefined
        : `"${pattern}" is inside of "${outer}", so an app could be in both. Keep one of them, and name the apps that the ` +
          'other one is for under "apps", each with its "overlay".');
    if (problem !== undefined) {
      throw config.error(overlays === undefined ? ['overlay'] : ['overlays', index], problem);
    }
  }
  const known = new Map<string, AppPolicy>();
  for (const [app, said] of Object.entries(apps)) {
    const own: AppPolicy = { overlay: said?.overlay, images: said?.images ?? [] };
    checkApp(config, app, own, known, apart);
    known.set(app, own);
  }
  return { overlays: patterns, apps: known };
}

function lodgingOf(name: string, said: PolicyText['environments'][string]): Lodging {
  const { branch, repository } = said ?? {};
  return { name, ...(branch === undefined ? {} : { branch }), ...(repository === undefined ? {} : { repository }) };
}

function checkApp(
  config: ConfigFile<PolicyText>,
  app: string,
  { overlay, images }: AppPolicy,
  others: ReadonlyMap<string, AppPolicy>,
  apart: boolean,
): void {
  const problem = overlay === undefined ? undefined : overlayProblem(overlay, apart);
  if (problem !== undefined) {
    throw config.error(['apps', app, 'overlay'], problem);
  }
  const twin = [...others].find(([, other]) => overlay !== undefined && other.overlay === overlay)?.[0];
  if (overlay !== undefined && twin !== undefined && !overlay.includes('{app}')) {
    const message = `it is the overlay of ${twin} too, and an app's own overlay is its alone. Put it under "overlays".`;
    throw config.error(['apps', app, 'overlay'], message);
  }
  for (const [index, image] of images.entries()) {
    const parsed = parseReference(image);
    if (parsed === undefined || parsed.name !== image) {
      const message = `expected an image without tag and digest, such as ghcr.io/acme/web, found "${image}".`;
      throw config.error(['apps', app, 'images', index], message);
    }
    const owner = [...others].find(([, other]) => other.images.includes(image))?.[0];
    if (owner !== undefined) {
      throw config.error(['apps', app, 'images', index], `${image} is an image of ${owner} already.`);
    }
  }
}
