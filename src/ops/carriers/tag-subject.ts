import { posix } from 'node:path';
import { withoutExtension } from '../kustomize/manifest-path.js';
import { textAt } from '../yaml/values.js';
import type { ImageTarget } from './carrier.js';
import type { OverlayFile } from './overlay-file.js';
import type { YamlNode } from './yaml-nodes.js';

/** Words in keys and names of files that do not say which image is meant. */
const GENERIC = new Set(
  (
    'app application apps chart common config configmap container controller controllers data default defaults deployment docker env global ' +
    'helm helmrelease hr image images kustomize main override overrides patch pod release server service source sources spec subcomponents ' +
    'template valuesobject value values version versions workload'
  ).split(' '),
);

/** Words in the name of a file that say what kind of file it is. */
const KINDS = new Set(
  'helmrelease hr image images kustomization override overrides patch release value values version versions'.split(' '),
);

/** Whether a word names something. */
export function isTagSubject(word: string): boolean {
  return word !== '' && !GENERIC.has(word);
}

/** A name in small letters with dashes: `webImage` is `web-image`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[_.]/g, '-')
    .toLowerCase();
}

/**
 * What a value is called after: the keys above it, its object, its file.
 *
 * @param node the value, or the mapping that it is in
 */
export function subjectsOf(file: OverlayFile, node: YamlNode): string[] {
  return [...new Set([...keysAbove(node), ...objectSubjects(node), ...fileSubjects(file)])];
}

/** The keys of Helm values above a value; those of an object around the values are not among them. */
function keysAbove({ path, above, key }: YamlNode): string[] {
  const inner = path.findLastIndex((segment) => typeof segment === 'object');
  const values = path.findLastIndex((segment) => segment === 'values' || segment === 'valuesObject');
  const isObject = above[0]?.entries.has('kind') === true;
  const start = Math.max(inner, isObject ? values : -1) + 1;
  const keys = path.slice(start).filter((segment) => typeof segment === 'string');
  const own = /image$/i.test(key) ? key.replace(/[-_]?image$/i, '') : undefined;
  const named = keys.at(-1) === key ? [...keys.slice(0, -1), ...(own === undefined ? [] : [own])] : keys;
  return (isObject && start === 0 ? [] : named).map(kebab).filter(isTagSubject);
}

/** What an object is called and which chart it runs, where one of the two is enough to know it. */
function objectSubjects({ above }: YamlNode): string[] {
  const [root] = above;
  const metadata = root?.entries.get('metadata');
  const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : undefined;
  return root === undefined || !root.entries.has('kind') || name === undefined ? [] : [kebab(name)];
}

/** What a file is called after: nothing in `values-staging.yaml`, `web` in `web.values.yaml`. */
function fileSubjects({ path }: OverlayFile): string[] {
  const name = withoutExtension(posix.basename(path));
  // An override of Argo CD is called after its Application, which may be called in any way.
  const words = name.startsWith('.argocd-source') ? [] : kebab(name.replace(/^\.+/, '')).split('-');
  const values = words.indexOf('values');
  const parts = values >= 0 ? [words.slice(0, values), words.slice(values + 1)] : [words];
  return parts.map((part) => part.filter((word) => !KINDS.has(word)).join('-')).filter(isTagSubject);
}

/**
 * Whether a name is that of an image, of its app or environment, or of something else.
 *
 * @param file with the app that it belongs to alone, where it does
 */
export function relationOf(
  subject: string,
  { image, repository }: ImageTarget,
  file: Pick<OverlayFile, 'app' | 'environment'>,
): 'image' | 'app' | 'other' {
  const environment = kebab(file.environment ?? '');
  const plain = withoutPart(subject, environment);
  const name = kebab(image);
  const app = file.app === undefined ? undefined : kebab(file.app);
  const path = kebab(repository.split('/').slice(-2).join('-'));
  if (plain === name || plain === path || (app !== undefined && `${app}-${plain}` === name)) {
    return 'image';
  }
  return plain === '' || plain === app || (app !== undefined && `${app}-${name}` === plain) ? 'app' : 'other';
}

/** A name without a part: `web` of `web-staging` without `staging`, nothing of `staging`. */
function withoutPart(name: string, part: string): string {
  if (part === '') {
    return name;
  }
  const whole = `-${name}-`.replace(`-${part}-`, '-');
  return whole.slice(1, -1);
}
