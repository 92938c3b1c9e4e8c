import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { protectedIn } from '../plan/losses.js';
import { type PlanRun, planRoot } from '../plan/plan-root.js';
import type { Redactor } from '../redact/redactor.js';
import type { Root } from '../roots/find-roots.js';
import { differencesOf } from './differences.js';
import type { LookedRoot } from './drift-issue.js';

/** A root that could not be looked at, and what the tool says of that, without secrets. */
export interface UnseenRoot {
  root: string;
  failed: string;
}

/** With what roots are looked at. */
export interface LookRun extends PlanRun {
  /** Types of the team, as `stateful` of `ostack.yaml` has them. */
  stateful: readonly string[];
  /** Whether the state is locked meanwhile, so that nobody applies. */
  locks: boolean;
}

/** How long a lock of somebody else is waited for. */
const LOCK_WAIT = '120s';

/**
 * Looks what is not as the commit says: a refresh-only plan tells what was changed outside of the code, and a plan what the code
 * would still change.
 *
 * @returns what was found, or why nothing could be; throws only where the tool does not do as it is documented
 */
export async function lookAtRoot(root: Root, run: LookRun): Promise<LookedRoot | UnseenRoot> {
  // The last one of these counts.
  const args = [...run.args, ...(run.locks ? ['-lock=true', `-lock-timeout=${LOCK_WAIT}`] : [])];
  const plan = async (more: readonly string[], isReady: boolean) => {
    const scratch = await mkdtemp(join(run.scratch, 'look-'));
    return planRoot(root, { ...run, args: [...args, ...more], scratch, isReady });
  };
  const refreshed = await plan(['-refresh-only'], false);
  if (refreshed.state === 'failed') {
    return { root: root.name, failed: refreshed.problem };
  }
  const planned = await plan([], true);
  const redactor = planned.state === 'failed' ? refreshed.redactor : both(refreshed.redactor, planned.redactor);
  const json = planned.state === 'failed' ? undefined : planned.json;
  return {
    root: root.name,
    differences: differencesOf(refreshed.json, json, redactor, {
      stateful: run.stateful,
      wasProtected: protectedIn(run.roots.tree, root.folder),
    }),
    problem: planned.state === 'failed' ? redactor.redact(planned.problem) : '',
    texts: {
      outside: redactor.redact(refreshed.text),
      code: planned.state === 'failed' ? '' : redactor.redact(planned.text),
    },
  };
}

/** Two plans know of different secrets. */
function both(one: Redactor, other: Redactor): Redactor {
  return { redact: (text) => one.redact(other.redact(text)) };
}
