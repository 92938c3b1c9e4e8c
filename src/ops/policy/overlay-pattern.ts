import { didYouMean } from '../../config/nearest.js';

/** Files that can be an overlay by themselves. */
const FILE = /\.(ya?ml|json)$/;

/** Whether a pattern ends in a file, which is the overlay then: `charts/{app}/values-{environment}.yaml`. */
export function isFilePattern(pattern: string): boolean {
  return FILE.test(pattern);
}

/**
 * What is wrong with a pattern of a policy that says where overlays are (`overlays/{environment}/{app}`), as a sentence;
 * `undefined` where it is valid.
 *
 * @param liveApart whether every environment has a branch or repository of its own, so that no path has to tell them apart
 */
export function overlayProblem(pattern: string, liveApart = false): string | undefined {
  const segments = pattern.split('/');
  const found = `found "${pattern}".`;
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\\'))) {
    return `expected a folder or file inside the repository, without "." and "..", ${found}`;
  }
  const placeholders = [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const other = placeholders.find((each) => each !== 'environment' && each !== 'app');
  if (other !== undefined) {
    return `unknown placeholder "{${other}}".${didYouMean(other, ['environment', 'app'])} Known: {environment}, {app}.`;
  }
  const times = placeholders.filter((each) => each === 'environment').length;
  if (times !== 1 && !(liveApart && times === 0)) {
    return `expected {environment} once, as in overlays/{environment}/{app}, ${found}`;
  }
  return starProblem(segments, found);
}

/** A `*` is a whole name. */
function starProblem(segments: readonly string[], found: string): string | undefined {
  return segments.some((segment) => segment.includes('*') && segment !== '*')
    ? `expected "*" for a whole name, as in clusters/{environment}/*/{app}, ${found}`
    : undefined;
}

/**
 * Whether what one pattern finds can be inside of a folder that the other one finds, so that it could be of two apps. Below
 * a folder of an app there are more of the same app.
 */
export function isWithin(inner: string, outer: string): boolean {
  const segments = inner.split('/');
  const above = outer.split('/');
  const isBelow = segments.length > above.length && !isFilePattern(outer) && !outer.includes('{app}');
  return isBelow && above.every((segment, index) => segment === segments[index]);
}
