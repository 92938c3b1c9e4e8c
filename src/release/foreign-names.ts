import type { App } from '../apps/app.js';

/** Whose a tag is, by what is before its version. */
export interface ForeignName {
  /** `undefined` for the whole repository. */
  app: string | undefined;
  /** The text, with `{app}` for the name of the app. */
  format: string;
}

/** A word for a release, before the version of a whole repository or before the name of an app. */
const WORD = /^(?:(?:releases?|rel|versions?|ver|stable|tags?)[-/_.@#]?)?$/i;

/** What may stand between the name of an app and its version. */
const SEPARATORS = ['@', '-', '/', '_', '.', '#', ''];

/**
 * Whose a release is by the name before its version: an app's, by its name or its path as in tags of Go modules, or the
 * repository's.
 *
 * @returns `undefined` for nobody's that is known
 */
export function readForeignName(before: string, apps: readonly Pick<App, 'name' | 'path'>[]): ForeignName | undefined {
  if (WORD.test(before)) {
    return { app: undefined, format: before };
  }
  for (const separator of SEPARATORS) {
    const name = before.endsWith(separator) ? before.slice(0, before.length - separator.length) : '';
    for (const app of apps) {
      const format = nameOf(app, name);
      if (format !== undefined) {
        return { app: app.name, format: `${format}${separator}` };
      }
    }
  }
  const [only, ...others] = apps;
  const isOnly = only !== undefined && others.length === 0 && isAbout(only.name, before);
  return isOnly ? { app: only.name, format: before } : undefined;
}

/**
 * Whether a name has that of the only app in it, as `Shop-`, `acme-shop-` and `shop-parent-` of Maven's releases have: who else
 * could have released there?
 */
function isAbout(app: string, before: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '')
      .join(' ');
  return words(app) !== '' && ` ${words(before)} `.includes(` ${words(app)} `);
}

/** A name with `{app}` in it, where it is that of an app: `@acme/{app}`, `apps/{app}`, `release-{app}`. */
function nameOf({ name: app, path }: Pick<App, 'name' | 'path'>, name: string): string | undefined {
  const before = name.endsWith(app) ? name.slice(0, name.length - app.length) : undefined;
  const folder = path === app || path.endsWith(`/${app}`) ? path.slice(0, path.length - app.length) : undefined;
  if (before !== undefined && (WORD.test(before) || /^@[^/]+\/$/.test(before) || before === folder)) {
    return `${before}{app}`;
  }
  return path !== '.' && name === path ? name : undefined;
}
