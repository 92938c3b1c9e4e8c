import { didYouMean } from '../../config/nearest.js';

/**
 * What is wrong with the `overlay` template of a policy (`overlays/{environment}/{app}`), as a sentence; `undefined`
 * where it is valid.
 */
export function overlayProblem(template: string): string | undefined {
  const segments = template.split('/');
  const found = `found "${template}".`;
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\\'))) {
    return `expected a folder inside the repository, without "." and "..", ${found}`;
  }
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const other = unknown.find((each) => each !== 'environment' && each !== 'app');
  if (other !== undefined) {
    return `unknown placeholder "{${other}}".${didYouMean(other, ['environment', 'app'])} Known: {environment}, {app}.`;
  }
  return unknown.filter((each) => each === 'environment').length === 1
    ? undefined
    : `expected {environment} once, as in overlays/{environment}/{app}, ${found}`;
}
