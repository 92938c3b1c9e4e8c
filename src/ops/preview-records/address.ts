import { didYouMean } from '../../config/nearest.js';
import { distinctLabel, hashedLabel, MAX_LABEL } from './dns-label.js';

const PLACEHOLDERS = ['app', 'name'];

/**
 * Checks `previews.url` of the policy: an http or https address with `{name}`, and possibly `{app}`, in its host.
 *
 * @returns what is wrong with it, one sentence; `undefined` when nothing is
 */
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
 * The host of an app in a preview. A part between dots that would be longer than 63 characters is cut and gets a hash, as
 * in `{app}-{name}.acme.dev`. One that two previews, or two apps, could share has a hash, too: `a-b-pr-1` is `a` of the
 * workspace `b`, or `a-b` of none.
 *
 * @param template `previews.url` of the policy, checked with `urlProblem`
 * @param app name of the app, or the label of one of its further hosts
 * @param name of the preview
 * @throws Error where the host would be longer than 253 characters (RFC 1035, section 2.3.4)
 */
export function hostOf(template: string, app: string, name: string): string {
  const [, host = ''] = /^https?:\/\/([^/:]+)/.exec(template) ?? [];
  const label = distinctLabel(app);
  const result = host
    .split('.')
    .map((part) => {
      const text = part.replaceAll('{app}', label).replaceAll('{name}', name);
      if (isUnclear(part, name)) {
        return hashedLabel(text, `${label}\0${name}`);
      }
      return text.length <= MAX_LABEL ? text : distinctLabel(text);
    })
    .join('.');
  if (result.length > 253) {
    throw new Error(`The host of ${app} in ${name} would have ${result.length} characters; a host has at most 253.`);
  }
  return result;
}

/**
 * What fits the hosts of a preview, and neither those of other previews nor others that a team has: a regular expression (RE2) with
 * `{name}` for the preview's name, without anchors. A part that is hashed fits whosever it is.
 *
 * @param template `previews.url` of the policy, checked with `urlProblem`
 */
export function hostPattern(template: string): string {
  const [, host = ''] = /^https?:\/\/([^/:]+)/.exec(template) ?? [];
  const parts = host.split('.').map((part) => {
    if (part === '{name}' || !part.includes('{')) {
      return part;
    }
    const own = part.replaceAll('{app}', '[a-z0-9-]+');
    return part.includes('{name}') ? `(${own}|[a-z0-9-]*h[0-9a-f]{8})` : '[a-z0-9-]+';
  });
  return parts.join('[.]');
}

/** Whether a part of a host that is made of both does not tell where the app's name ends and the preview's begins. */
function isUnclear(part: string, name: string): boolean {
  if (!part.includes('{app}') || !part.includes('{name}')) {
    return false;
  }
  const isLast = part.endsWith('{name}');
  const isPullRequest = /^pr-\d+$/.test(name);
  return !(isPullRequest && (isLast || part.includes('{name}-'))) && !(isLast && /^run-\d/.test(name));
}

/** The address that people open for a host: the template with this host in place of its own. */
export function urlOf(template: string, host: string): string {
  return template.replace(/^(https?:\/\/)[^/:]+/, (_, scheme: string) => `${scheme}${host}`);
}
