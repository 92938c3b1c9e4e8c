import { didYouMean } from '../../config/nearest.js';
import { distinctLabel } from './name.js';

const PLACEHOLDERS = ['app', 'name'];

/** What is wrong with the template of a preview's address, `undefined` when nothing is. */
export function urlProblem(template: string): string | undefined {
  const found = `found "${template}".`;
  const match = /^https?:\/\/([^/?#:@\s]+)(:\d+)?(\/[^\s{}]*)?$/.exec(template);
  const host = match?.[1];
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((each) => each[1] ?? '')
    .find((each) => !PLACEHOLDERS.includes(each));
  if (unknown !== undefined) {
    return `unknown placeholder "{${unknown}}".${didYouMean(unknown, PLACEHOLDERS)} Known: {app}, {name}.`;
  }
  if (host === undefined) {
    return `expected an address with {app} and {name} in its host, as in https://{app}.{name}.preview.acme.dev, ${found}`;
  }
  const plain = host.replaceAll(/\{(app|name)\}/g, 'x');
  if (!host.includes('{name}')) {
    return `expected {name} in its host, so that each preview has an address of its own, ${found}`;
  }
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(plain)
    ? undefined
    : `expected a host of small letters, digits, "-" and ".", ${found}`;
}

/**
 * The host of an app in a preview. Each part between dots is at most 63 characters, cut with a hash where the names in it
 * are longer (`{app}-{name}.acme.dev`).
 *
 * @param template `previews.url` of the policy, checked with `urlProblem`
 * @throws Error where the whole host is longer than a host may be, 253 characters
 */
export function hostOf(template: string, app: string, name: string): string {
  const [, host = ''] = /^https?:\/\/([^/:]+)/.exec(template) ?? [];
  const label = distinctLabel(app);
  const result = host
    .split('.')
    .map((part) => {
      const text = part.replaceAll('{app}', label).replaceAll('{name}', name);
      return text.length <= 63 ? text : distinctLabel(text);
    })
    .join('.');
  if (result.length > 253) {
    throw new Error(`The host of ${app} in ${name} would have ${result.length} characters; a host has at most 253.`);
  }
  return result;
}

/** The address that people open for a host. */
export function urlOf(template: string, host: string): string {
  return template.replace(/^(https?:\/\/)[^/:]+/, (_, scheme: string) => `${scheme}${host}`);
}
