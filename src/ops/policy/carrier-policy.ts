import { didYouMean } from '../../config/nearest.js';
import type { ConfigFile } from '../../config/read-config.js';
import { parseReference } from '../carriers/image-reference.js';
import { readPath } from '../yaml/path.js';
import { POLICY_PATH } from './policy-path.js';
import type { PolicyText } from './policy-schema.js';

/** A value that carries the version of an image and does not look like it, as the policy names it. */
export interface CarrierPolicy {
  /** Pattern of its file, with `{environment}`, `{app}` and `*`. */
  file: string;
  /** Keys and indexes from the root of its document; keys may have `{environment}` and `{app}`. */
  path: readonly (string | number)[];
  /** `Kind/name` of its document, in a file of several. */
  object: string | undefined;
  /** Repository of the image without tag and digest; may have `{app}`. */
  image: string;
  /** Where the policy says it, for messages: `ostack.yaml:12`. */
  where: string;
}

/**
 * Reads the `carriers` of a policy.
 *
 * @throws ConfigError with file and line where a file may lead out of the repository, a path or an image is none, or one
 *   value is to be that of two images
 */
export function carriersOf(config: ConfigFile<PolicyText>, file = POLICY_PATH): CarrierPolicy[] {
  const known = new Map<string, string>();
  return config.value.carriers.map((carrier, index): CarrierPolicy => {
    const at = (key: string, message: string) => config.error(['carriers', index, key], message);
    const problem = fileProblem(carrier.file);
    if (problem !== undefined) {
      throw at('file', problem);
    }
    const path = readPath(carrier.path);
    if (path === undefined) {
      throw at(
        'path',
        `expected the path of a value, such as spec.values.web.version, images[0].newTag or data["web.tag"], found "${carrier.path}".`,
      );
    }
    const parsed = parseReference(carrier.image.replaceAll('{app}', 'app'));
    if (parsed === undefined || parsed.tag !== undefined || parsed.digest !== undefined) {
      throw at(
        'image',
        `expected an image without tag and digest, such as ghcr.io/acme/web, found "${carrier.image}".`,
      );
    }
    const key = JSON.stringify([carrier.file, path, carrier.object]);
    const other = known.get(key);
    if (other !== undefined && other !== carrier.image) {
      throw at('image', `that value carries the version of ${other} already.`);
    }
    known.set(key, carrier.image);
    const line = at('file', '').problems[0].line;
    return { file: carrier.file, path, object: carrier.object, image: carrier.image, where: `${file}:${line}` };
  });
}

/** What is wrong with the pattern of a file, as a sentence; `undefined` where it is valid. */
function fileProblem(pattern: string): string | undefined {
  const segments = pattern.split('/');
  const found = `found "${pattern}".`;
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\\'))) {
    return `expected a file inside the repository, without "." and "..", ${found}`;
  }
  const placeholders = [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const other = placeholders.find((each) => each !== 'environment' && each !== 'app');
  if (other !== undefined) {
    return `unknown placeholder "{${other}}".${didYouMean(other, ['environment', 'app'])} Known: {environment}, {app}.`;
  }
  if (placeholders.length !== new Set(placeholders).size) {
    return `expected {environment} and {app} once each, ${found}`;
  }
  return segments.some((segment) => segment.includes('*') && segment !== '*')
    ? `expected "*" for a whole name, as in clusters/{environment}/*/values.yaml, ${found}`
    : undefined;
}
