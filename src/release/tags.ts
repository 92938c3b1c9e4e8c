import semver from 'semver';
import type { App } from '../apps/app.js';
import { didYouMean } from '../config/nearest.js';

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

/** How release tags are named: `{app}-v{version}` in a monorepo, `v{version}` where the repository is one app. */
export class TagFormat {
  readonly #format: string;
  readonly #pattern: RegExp;

  /**
   * @param format the input `tag-format`, `undefined` for the convention
   * @param single whether the repository is one app
   * @throws Error when the format lacks `{version}`, lacks `{app}` in a monorepo, or makes no valid ref names
   */
  constructor(format: string | undefined, single: boolean) {
    this.#format = format ?? (single ? 'v{version}' : '{app}-v{version}');
    check(this.#format, single);
    this.#pattern = new RegExp(
      `^${this.#format
        .split(PLACEHOLDER)
        .map((part, index) =>
          index % 2 === 0 ? literally(part) : part === 'app' ? '(?<app>.+)' : `(?<version>${VERSION})`,
        )
        .join('')}$`,
    );
  }

  /**
   * The tag of a version.
   *
   * @throws Error when git would refuse the name
   */
  name(app: string, version: string): string {
    const tag = this.#format.replace(PLACEHOLDER, (_all, key: string) => (key === 'app' ? app : version));
    if (!isTagName(tag)) {
      throw new Error(`The tag "${tag}" is no valid git tag name. Change the input "tag-format" ("${this.#format}").`);
    }
    return tag;
  }

  /** App and version of a tag; `app` is `undefined` where the format has none. `undefined` for any other tag. */
  parse(tag: string): { app: string | undefined; version: string } | undefined {
    const groups = this.#pattern.exec(tag)?.groups;
    const version = semver.parse(groups?.version, { loose: false })?.version;
    return version === undefined ? undefined : { app: groups?.app, version };
  }
}

function check(format: string, single: boolean): void {
  const keys = [...format.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const unknown = keys.find((key) => key !== 'app' && key !== 'version');
  const wrong = (problem: string) => new Error(`Input "tag-format" is "${format}": ${problem}`);
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
