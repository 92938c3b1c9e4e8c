import type { Layout } from './layout.js';

/** Names of folders that hold what environments share, or what belongs to none: never an environment. */
const NEVER = new Set([
  'base',
  'bases',
  'charts',
  'common',
  'components',
  'crds',
  'flux-system',
  'lib',
  'shared',
  'templates',
]);

/**
 * Whether a folder in the place of environments can be one by its name: none that holds what environments share (`base`,
 * `common`, …), is hidden, or begins with `_`.
 */
export function canBeEnvironment(name: string): boolean {
  return !NEVER.has(name) && !name.startsWith('.') && !name.startsWith('_');
}

/** Whether a folder in the place of environments is one: where the layout names them, no other folder is. */
export function isEnvironment({ environments }: Pick<Layout, 'environments'>, name: string): boolean {
  return environments === undefined ? canBeEnvironment(name) : environments.includes(name);
}
