import type { ActivityRecord } from '../world/records.js';
import type { World } from '../world/world.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

const zero = '0'.repeat(40);

/** An activity of a branch as REST shows it (`activity`). */
export function activityView(world: World, activity: ActivityRecord) {
  return {
    id: activity.id,
    node_id: `PSH_${activity.id}`,
    before: activity.before ?? zero,
    after: activity.after ?? zero,
    ref: activity.ref,
    timestamp: timestamp(activity.at),
    activity_type: activity.type,
    actor: userView(world, activity.actor),
  };
}
