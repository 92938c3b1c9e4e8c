import { code, plain } from '../../../report/markdown.js';
import { utc } from '../../../report/time.js';
import { nextAct } from '../../live/next-act.js';
import type { Health } from '../../policy/health.js';
import type { WatchedChange } from './changes.js';
import type { Response } from './plan-response.js';

/** Heads of a table of changes. */
export const HEADS = ['App', 'Environment', 'Is', 'Why, and who acts next'];

/**
 * The cells of a change beside that of its app, Markdown.
 *
 * @param whenLive stands in the last one for what is live
 */
export function changeCells({ environment, health, ready, response }: WatchedChange, whenLive: string): string[] {
  const why = health.state === 'live' ? whenLive : plain(health.reason);
  const next = [responseText(response), response?.act === 'rollback' ? '' : nextAct(health, ready)];
  return [plain(environment), healthText(health), [why, ...next.map(plain)].filter(Boolean).join('. ')];
}

/** What is done about it by itself. */
function responseText(response: Response | undefined): string {
  switch (response?.act) {
    case 'rollback':
      return `Ops watch takes it back to ${response.to}, once`;
    case 'hold':
      return 'Ops watch holds it';
    default:
      return response?.why ?? '';
  }
}

/** `live since 2026-11-30 12:00 UTC` */
function healthText({ state, since }: Health): string {
  const name = state === 'failed' || state === 'unknown' ? `**${state}**` : code(state);
  return `${name}${since === undefined ? '' : ` since ${utc(since)}`}`;
}
