import semver from 'semver';
import type { App } from '../apps/app.js';
import { didYouMean } from '../config/nearest.js';
import { isCountable } from './version.js';

/** A release tag of one app. */
export interface AppTag {
  name: string;
  /** Without prefix, for example `1.4.0-rc.1`. */
  version: string;
  /** The commit it marks. */
  commit: string;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
const VERSION = String.raw`(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?`;

/** Versions whose tags show whether a format tells apps and versions apart. */
const SAMPLES = ['0.1.0', '10.20.30', '1.0.0-rc.1', '1.0.0-rc-a.10'];

/** How release tags are named: `{app}-v{version}` in a monorepo, `v{version}` where the repository is one app. */
export class TagFormat {
  readonly #format: string;
  readonly #pattern: RegExp;
  readonly #wrong: (problem: string) => Error;

  /**
   * @param format the input or key `tag-format`, `undefined` for the convention
   * @param single whether the repository is one app
   * @param wrong makes the error from what is wrong with the format
   * @throws Error when the format lacks `{version}`, lacks `{app}` in a monorepo, or makes no valid ref names
   */
  constructor(format: string | undefined, single: boolean, wrong?: (problem: string) => Error) {
    this.#format = format ?? (single ? 'v{version}' : '{app}-v{version}');
    this.#wrong = wrong ?? ((problem) => new Error(`Input "tag-format" is "${this.#format}": ${problem}`));
    check(this.#format, single, this.#wrong);
    this.#pattern = new RegExp(
      `^${this.#format
        .split(PLACEHOLDER)
        .map((part, index) =>
          index % 2 === 0 ? literally(part) : part === 'app' ? '(?<app>.+)' : `(?<version>${VERSION})`,
        )
        .join('')}$`,
    );
  }

  /** Whether tags name their app: else all of them are the only app's. */
  get namesApps(): boolean {
    return this.#format.includes('{app}');
  }

  /**
   * The tag of a version.
   *
   * @throws Error when git would refuse the name
   */
  name(app: string, version: string): string {
    const tag = this.#format.replace(PLACEHOLDER, (_all, key: string) => (key === 'app' ? app : version));
    if (!isTagName(tag)) {
      throw this.#wrong(`"${tag}" would be no valid git tag name.`);
    }
    return tag;
  }

  /**
   * Checks that every tag can be told apart by these names: that of one app is never read as that of another.
   *
   * @throws Error showing a tag that would be taken for another app's or another version's
   */
  checkApps(apps: readonly string[]): void {
    for (const app of apps) {
      for (const version of SAMPLES) {
        const tag = this.name(app, version);
        const read = this.parse(tag);
        if (read?.version !== version || (read.app ?? app) !== app) {
          const taken = read === undefined ? 'nothing' : `${read.app ?? app} ${read.version}`;
          throw this.#wrong(
            `the tag "${tag}" of ${app} ${version} would be read as ${taken}. Put a sign between {app} and {version} ` +
              'that tells them apart, for example {app}@{version}.',
          );
        }
      }
    }
  }

  /** App and version of a tag; `app` is `undefined` where the format has none. `undefined` for any other tag. */
  parse(tag: string): { app: string | undefined; version: string } | undefined {
    const groups = this.#pattern.exec(tag)?.groups;
    const version = semver.parse(groups?.version, { loose: false })?.version;
    return version === undefined || !isCountable(version) ? undefined : { app: groups?.app, version };
  }
}

function check(format: string, single: boolean, wrong: (problem: string) => Error): void {
  const keys = [...format.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const unknown = keys.find((key) => key !== 'app' && key !== 'version');
  if (unknown !== undefined) {
    throw wrong(`it has {${unknown}}, expected {app} and {version}.${didYouMean(unknown, ['app', 'version'])}`);
  }
  if (keys.filter((key) => key === 'version').length !== 1) {
    throw wrong('expected {version} in it once, for example v{version}.');
  }
  const apps = keys.filter((key) => key === 'app').length;
  if (apps > 1 || (apps === 0 && !single)) {
    throw wrong('expected {app} in it once, because the repository has several apps, for example {app}-v{version}.');
  }
  const example = format.replace(PLACEHOLDER, (_all, key: string) => (key === 'app' ? 'app' : '1.0.0'));
  if (!isTagName(example)) {
    throw wrong(`"${example}" would be no valid git tag name.`);
  }
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** Git's rules for a tag name. @see https://git-scm.com/docs/git-check-ref-format */
export function isTagName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 200 &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|^[-./]|[./]$|\.lock(?:\/|$)/u.test(name) &&
    name !== '@'
  );
}

/**
 * The release tags of each app, highest version first. Tags without an app of this repository or without a version are
 * left out.
 */
export function tagsByApp(
  tags: readonly { name: string; commit: string }[],
  { format, apps }: { format: TagFormat; apps: readonly App[] },
): Map<string, AppTag[]> {
  const byApp = new Map<string, AppTag[]>(apps.map((app) => [app.name, []]));
  for (const { name, commit } of tags) {
    const parsed = format.parse(name);
    if (parsed !== undefined) {
      byApp.get(parsed.app ?? apps[0]?.name ?? '')?.push({ name, version: parsed.version, commit });
    }
  }
  for (const list of byApp.values()) {
    list.sort((a, b) => semver.rcompare(a.version, b.version));
  }
  return byApp;
}
