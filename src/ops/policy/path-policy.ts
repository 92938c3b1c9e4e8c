import picomatch from 'picomatch';
import type { ConfigFile } from '../../config/read-config.js';
import type { PolicyText } from './policy-schema.js';

/** What the policy says of files that nothing in them assigns to an environment. */
export interface PathPolicy {
  /** Patterns of files that change no cluster. */
  free: readonly string[];
  /** Patterns of files, with the environments that they belong to. */
  paths: readonly { pattern: string; environments: readonly string[] }[];
}

/** Files that change no cluster, whatever the policy says. */
const DOCUMENTS = ['**/*.md', 'LICENSE', 'docs/**'];

/** Patterns match what they say and nothing else: no `!` before them, and names that begin with a dot, too. */
const OPTIONS = { nonegate: true, dot: true };

/** Reads `free` and `paths` of a policy. @throws ConfigError with file and line for a pattern that is none */
export function pathPolicyOf(config: ConfigFile<Pick<PolicyText, 'free' | 'paths'>>): PathPolicy {
  const { free, paths } = config.value;
  for (const [index, pattern] of free.entries()) {
    requirePattern(pattern, (message) => config.error(['free', index], message));
  }
  for (const pattern of Object.keys(paths)) {
    requirePattern(pattern, (message) => config.error(['paths', pattern], message));
  }
  const assigned = Object.entries(paths).map(([pattern, environments]) => ({
    pattern,
    environments: [environments].flat(),
  }));
  return { free, paths: assigned };
}

function requirePattern(pattern: string, error: (message: string) => Error): void {
  const segments = pattern.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw error(`expected a pattern of paths in the repository, such as tools/**, found "${pattern}".`);
  }
  if (/^[*?/]+$/.test(pattern)) {
    throw error(`"${pattern}" would be every file: name those that you mean, such as tools/**.`);
  }
}

/** The environments that the policy gives a path to; none where it says nothing of it. */
export function assignedByPolicy({ paths }: PathPolicy, path: string): string[] {
  return paths.flatMap(({ pattern, environments }) => (picomatch.isMatch(path, pattern, OPTIONS) ? environments : []));
}

/** Whether a path changes no cluster unless one takes it in. */
export function isFree({ free }: PathPolicy, path: string): boolean {
  return picomatch.isMatch(path, [...DOCUMENTS, ...free], OPTIONS);
}
