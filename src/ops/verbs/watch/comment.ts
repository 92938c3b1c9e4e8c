import { code, plain, table } from '../../../report/markdown.js';
import { codeVersion } from '../../../report/short-version.js';
import { utc } from '../../../report/time.js';
import { nextAct } from '../../live/next-act.js';
import type { Health } from '../../policy/health.js';
import type { WatchedChange } from './changes.js';

/** What our comment on a pull request is known by. */
export const MARKER = '<!-- ostack:live -->';

/** The comment on the pull request that brought versions: whether they are live. */
export function liveComment(changes: readonly WatchedChange[]): string {
  const rows = changes.map(({ app, version, environment, health, ready }) => [
    `${plain(app)}${version === null ? '' : ` ${codeVersion(version)}`}`,
    plain(environment),
    healthText(health),
    [health.state === 'live' ? '' : plain(health.reason), plain(nextAct(health, ready))].filter(Boolean).join('. '),
  ]);
  return `${MARKER}\n${table(['App', 'Environment', 'Is', 'Why, and who acts next'], rows)}\n`;
}

/** `live since 2026-11-30 12:00 UTC` */
export function healthText({ state, since }: Health): string {
  const name = state === 'failed' || state === 'unknown' ? `**${state}**` : code(state);
  return `${name}${since === undefined ? '' : ` since ${utc(since)}`}`;
}
