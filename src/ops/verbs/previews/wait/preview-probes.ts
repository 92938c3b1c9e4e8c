import type { Probe } from '../../../../runtime/probe.js';
import type { VersionSource } from '../../../../runtime/version-source.js';
import type { AppDetails } from '../feedback/details.js';
import type { Decision } from '../plan/decision.js';

/** How the addresses of previews are probed. */
export interface ProbeSettings {
  /** Path from the root of an address, with `/` in front. */
  path: string;
  /** The HTTP statuses of a live app. */
  statuses: readonly number[];
  /** Where an app shows its version, `undefined` where it is not checked. */
  version: VersionSource | undefined;
}

/**
 * The probes of a preview: one for each app with an address that the pull request changes, or for each app with an address
 * where none of those has one. Only changed apps are checked for their version: a tag or digest of their images, or the
 * commit.
 *
 * @returns none where no app has an address
 */
export function probesOf({ record }: Decision, apps: readonly AppDetails[], settings: ProbeSettings): Probe[] {
  const addressed = apps.filter(({ url }) => url !== '');
  const changed = addressed.filter((app) => app.changed);
  return (changed.length > 0 ? changed : addressed).map(({ app, url, changed: isChanged }) => {
    const images = record?.apps.find((each) => each.app === app)?.images ?? [];
    const accepted = [...images.flatMap(({ tag, digest }) => [tag, digest]), record?.head ?? ''];
    const version = settings.version === undefined || !isChanged ? undefined : { source: settings.version, accepted };
    return { url: new URL(settings.path, url).href, statuses: settings.statuses, version };
  });
}
