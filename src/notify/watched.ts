import * as v from 'valibot';
import type { DeliveryEvent } from './event.js';

/** What is read of a row of watch's output `live`. */
export const watchedSchema = v.object({
  environment: v.string(),
  app: v.string(),
  version: v.nullable(v.string()),
  commit: v.string(),
  state: v.string(),
  since: v.nullable(v.string()),
  reason: v.string(),
  url: v.string(),
});

type Watched = v.InferOutput<typeof watchedSchema>;

/**
 * What watch has seen as events: that a version is live or failed, since when. Everything else goes on, and what is so for longer
 * has been told.
 *
 * @param since what is older is left out
 */
export function eventsOfWatched(rows: readonly Watched[], since: Date): DeliveryEvent[] {
  return rows.flatMap(({ environment, app, version, commit, state, since: at, reason, url }): DeliveryEvent[] => {
    if ((state !== 'live' && state !== 'failed') || at === null || !(new Date(at) >= since)) {
      return [];
    }
    return [
      {
        ...{ type: state, environment, app, version: version ?? commit.slice(0, 7), commit, at },
        ...(state === 'failed' && reason !== '' ? { reason } : {}),
        ...(URL.canParse(url) ? { url } : {}),
      },
    ];
  });
}
