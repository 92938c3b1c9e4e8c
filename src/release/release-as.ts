import semver from 'semver';
import type { Change } from './changes.js';
import { isCountable } from './version.js';

/** A version as people ask for it: `2.0.0`, or `web=2.0.0` for one app. */
export interface AskedVersion {
  /** `undefined` for whatever app it reaches. */
  app: string | undefined;
  version: string;
}

/** Reads `2.0.0` or `web=2.0.0`. @returns `undefined` when it is no version */
export function readAskedVersion(text: string): AskedVersion | undefined {
  const sign = text.lastIndexOf('=');
  const version = semver.parse(
    text
      .slice(sign + 1)
      .trim()
      .replace(/^v/, ''),
    { loose: false },
  );
  const app = sign < 0 ? undefined : text.slice(0, sign).trim();
  return version === null || app === '' || !isCountable(version.version)
    ? undefined
    : { app, version: version.version };
}

/**
 * The version that the newest footer `Release-As` asks for. One that names an app is for that app alone.
 *
 * @param changes of the app since its last release, newest first
 * @returns `undefined` where none asks
 */
export function versionAskedFor(app: string, changes: readonly Change[]): string | undefined {
  const asked = changes
    .flatMap(({ said }) => said.footers.filter(({ token }) => token.toLowerCase() === 'release-as'))
    .map(({ value }) => readAskedVersion(value));
  return asked.find((one) => one !== undefined && (one.app ?? app) === app)?.version;
}
