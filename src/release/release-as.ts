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

/** What is asked of an app: a version, or something that nobody can follow. */
export type Asked = AskedInFooter | { stranger: string; version: string };

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
 * What the newest footer `Release-As` asks for. One that names an app is for that app alone; one that is no version, or that
 * names what is no app, is for every app that its change reaches, because nobody can tell which was meant.
 *
 * @param changes of the app since its last release, newest first
 * @param apps names of all apps of the repository
 * @returns `undefined` where none asks
 */
export function versionAskedFor(app: string, changes: readonly Change[], apps: ReadonlySet<string>): Asked | undefined {
  const asked = changes
    .flatMap(({ said }) => said.footers.map(readReleaseAs))
    .find(
      (one) =>
        one !== undefined && ('unreadable' in one || (one.app ?? app) === app || namesNoApp(one, apps) !== undefined),
    );
  const stranger = asked === undefined ? undefined : namesNoApp(asked, apps);
  return asked === undefined || 'unreadable' in asked || stranger === undefined
    ? asked
    : { stranger, version: asked.version };
}

/** The name in a footer that is no app's. @returns `undefined` where it names an app, or none */
export function namesNoApp(asked: AskedInFooter, apps: ReadonlySet<string>): string | undefined {
  return 'unreadable' in asked || asked.app === undefined || apps.has(asked.app) ? undefined : asked.app;
}

/** Whether a version is asked for that can be followed. */
export function isVersion(asked: Asked): asked is AskedVersion {
  return !('unreadable' in asked || 'stranger' in asked);
}
