import { utc } from '../../../report/time.js';
import { versionOf } from '../../carriers/tag-version.js';

/** Where a promotion takes versions from. */
export type Origin =
  /** What an environment runs now, or ran at a time. */
  | { kind: 'environment'; environment: string; at: Date | undefined }
  /** The policy's `after` of each target. */
  | { kind: 'previous' }
  /** A version that the environment before has or had. */
  | { kind: 'version'; version: string };

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads `from`: an environment, an environment at a time (`staging@2026-11-01T12:00Z`, UTC unless it says otherwise), a
 * version, or `previous environment` (also when it is empty).
 *
 * @param environments those there are
 * @throws Error naming what was found and what is possible
 */
export function parseOrigin(text: string, environments: readonly string[], now: Date): Origin {
  const wanted = text.trim();
  if (wanted === '' || /^previous([ -]environment)?$/.test(wanted)) {
    return { kind: 'previous' };
  }
  if (environments.includes(wanted)) {
    return { kind: 'environment', environment: wanted, at: undefined };
  }
  const sign = wanted.lastIndexOf('@');
  const environment = wanted.slice(0, Math.max(0, sign));
  if (environments.includes(environment)) {
    return { kind: 'environment', environment, at: parseTime(wanted.slice(sign + 1), now) };
  }
  if (versionOf(wanted) !== undefined) {
    return { kind: 'version', version: wanted };
  }
  throw new Error(
    `Input "from" is "${wanted}", expected an environment (${environments.join(', ')}), one at a time such as ` +
      `${environments[0] ?? 'staging'}@2026-11-01T12:00Z, a version, or "previous environment".`,
  );
}

function parseTime(text: string, now: Date): Date {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const at = new Date(zoned);
  if (!TIME.test(text) || Number.isNaN(at.getTime())) {
    throw new Error(`Input "from" has the time "${text}", expected one such as 2026-11-01T12:00Z.`);
  }
  if (at > now) {
    throw new Error(`Input "from" has the time "${text}", which is not over yet: it is ${utc(now)}.`);
  }
  return at;
}
