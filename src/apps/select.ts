import { didYouMean } from '../config/nearest.js';
import type { App } from './app.js';

/**
 * The apps of those names, in the order of `apps`; all of them when no name is given.
 *
 * @param source where the names come from, for the error: `input "apps"`
 * @throws Error naming the first that does not exist, and the one that was probably meant
 */
export function selectApps(apps: readonly App[], requested: readonly string[], source: string): App[] {
  const names = apps.map(({ name }) => name);
  const unknown = requested.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(
      `There is no app "${unknown}" (${source}).${didYouMean(unknown, names)} The repository has: ${names.join(', ')}.`,
    );
  }
  return requested.length === 0 ? [...apps] : apps.filter(({ name }) => requested.includes(name));
}
