import semver from 'semver';
import type { Change } from './changes.js';
import type { Footer } from './footers.js';
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

/** What a footer `Release-As` says. */
export type AskedInFooter = AskedVersion | { unreadable: string };

/**
 * Reads a footer. A version is one word: text that follows it up to the next footer, as in a squashed list of commits, is none
 * of it.
 *
 * @returns `undefined` for any other footer
 */
export function readReleaseAs({ token, value }: Footer): AskedInFooter | undefined {
  if (token.toLowerCase() !== 'release-as') {
    return undefined;
  }
  const closed = value
    .split('=')
    .map((part) => part.trim())
    .join('=');
  const [word = ''] = closed.split(/\s/, 1);
  return word === '' ? undefined : (readAskedVersion(word) ?? { unreadable: word });
}

/**
 * What the newest footer `Release-As` asks for. One that names an app is for that app alone; one that is no version is for
 * every app that it reaches, because nobody can tell which version was meant.
 *
 * @param changes of the app since its last release, newest first
 * @returns `undefined` where none asks
 */
export function versionAskedFor(app: string, changes: readonly Change[]): AskedInFooter | undefined {
  return changes
    .flatMap(({ said }) => said.footers.map(readReleaseAs))
    .find((one) => one !== undefined && ('unreadable' in one || (one.app ?? app) === app));
}
