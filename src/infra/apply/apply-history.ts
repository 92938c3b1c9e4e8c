import * as v from 'valibot';
import { isRequestFailure } from '../../github/errors.js';
import { logWarning } from '../../runtime/log.js';
import type { HistoryEntry, Step } from '../history/entries.js';
import type { KeptHash } from '../history/hash-ledger.js';
import { hashOfPlan, hashOfStep, keepStep, type PlanKept } from '../history/keep-plan.js';
import { listPlans, readSteps } from '../history/read-plan.js';
import { encryptTo } from '../space/age.js';
import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import { SpaceFailure } from '../space/space-failure.js';
import { putOnce, type WriteGuard } from '../space/write-guard.js';
import { toldStart } from './apply-report.js';
import type { OpenStart } from './decide-apply.js';

/** Facts of a start, as the space has them. */
const startSchema = v.object({ at: v.string(), by: v.string(), run: v.string() });

/** The history of plans, for a job that applies. */
export interface ApplyHistory {
  space: Space;
  guard: WriteGuard;
  recipients: string;
  /** Writes hashes of what is kept into git: see `recordHashes`. */
  record?: (kept: readonly KeptHash[]) => Promise<unknown>;
}

/** Which plans of a root were begun to be applied. */
export interface Starts {
  /** The newest of whose end the space knows nothing. */
  open: OpenStart | undefined;
  /** Prefixes of all: none of them is begun again. */
  prefixes: readonly string[];
  /** The one of the newest plan. */
  newest: HistoryEntry | undefined;
}

/** What the space knows of applies of a root. */
export async function readStarts({ space }: ApplyHistory, root: string): Promise<Starts> {
  const started = (await listPlans(space, root)).filter(({ steps }) => steps.includes('apply-started'));
  const prefixes = started.map(({ prefix }) => prefix);
  const open = started.find(({ steps }) => !steps.includes('applied'));
  if (open === undefined) {
    return { open: undefined, prefixes, newest: started[0] };
  }
  const steps = new Map(await readSteps(space, open));
  const facts = v.safeParse(startSchema, steps.get('apply-started'));
  const told = facts.success ? toldStart(facts.output) : 'by somebody';
  return { open: { name: open.prefix, told }, prefixes, newest: started[0] };
}

/**
 * Writes down that an apply starts: from then on nobody else applies this plan. Where the server heeds no conditions, it is looked
 * whether there is a start already, and in every case whether what is there is this one.
 *
 * @throws Error where another start is there
 */
export async function markStarted(
  history: ApplyHistory,
  prefix: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { space, guard } = history;
  const key = `${prefix}/apply-started.json`;
  const isThere = guard !== 'conditions' && (await space.get(key)) !== undefined;
  if (isThere || (await keepStep(space, guard, prefix, 'apply-started', facts)) === 'there') {
    throw new Error(`The apply of ${prefix} was started by somebody else a moment ago. Nothing is applied twice.`);
  }
  const written = await space.get(key);
  if (written?.toString('utf8') !== `${JSON.stringify(facts, null, 2)}\n`) {
    throw new Error(
      `The space took ${key} and has something else there now. Nothing is applied while it does not keep what it takes.`,
    );
  }
}

/** Writes the hash of a plan that was reviewed into git, whether it is applied or not: until then its check run alone has it. */
export function markReviewed(history: ApplyHistory, plan: Pick<PlanKept, 'prefix' | 'recordSha256'>): Promise<void> {
  return recordIn(history, [hashOfPlan(plan)]);
}

/**
 * Writes down another step; that it is there already is no error.
 *
 * @param more hashes that git is told with it
 */
export async function markStep(
  history: ApplyHistory,
  prefix: string,
  step: Exclude<Step, 'apply-started'>,
  facts: Readonly<Record<string, unknown>>,
  more: readonly KeptHash[] = [],
): Promise<void> {
  const isWritten = (await keepStep(history.space, history.guard, prefix, step, facts)) === 'written';
  // One that is there may be of a run that was killed before it told git.
  const own = isWritten ? [hashOfStep(prefix, step, facts)] : await hashesThere(history, prefix, [step]);
  await recordIn(history, [...more, ...own]);
}

/**
 * Writes down who approved a plan that is about to be applied. Git is told of both at once, and looks whether it has another hash of
 * that plan, so that from here on nobody changes unseen what is begun next.
 *
 * @throws Error where git has another hash
 */
export function markApproved(
  history: ApplyHistory,
  plan: Pick<PlanKept, 'prefix' | 'recordSha256'>,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  return markStep(history, plan.prefix, 'approved', facts, [hashOfPlan(plan)]);
}

/**
 * Writes the hashes into git that a killed run has left out, of the plan that was begun last. That git has another hash of one is
 * said, and keeps nobody from applying another plan.
 */
export async function recordLeft(history: ApplyHistory, { newest }: Starts): Promise<void> {
  if (newest === undefined || history.record === undefined) {
    return;
  }
  const { prefix, steps } = newest;
  const told = steps.filter((step) => step !== 'apply-started');
  try {
    await recordIn(history, await hashesThere(history, prefix, ['record', ...told]));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SpaceFailure) {
      throw error;
    }
    logWarning(error.message);
  }
}

/** Hashes of what the space has of a plan. */
async function hashesThere({ space }: ApplyHistory, prefix: string, names: readonly string[]): Promise<KeptHash[]> {
  const keys = names.map((name) => `${prefix}/${name}.json`);
  const found = await Promise.all(keys.map(async (key) => ({ key, bytes: await space.get(key) })));
  return found.flatMap(({ key, bytes }) => (bytes === undefined ? [] : [{ key, sha256: sha256(bytes) }]));
}

/**
 * Writes hashes into git. That GitHub does not take them keeps nobody from applying, and is said: such a plan is *not in git*.
 *
 * @throws Error where git has another hash of one of them: somebody changed what is kept
 */
async function recordIn({ record }: ApplyHistory, kept: readonly KeptHash[]): Promise<void> {
  try {
    await (kept.length > 0 ? record?.(kept) : undefined);
  } catch (error) {
    if (!isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    logWarning(`${error.message} Without its hash in git, what the space has of this plan could be changed unseen.`);
  }
}

/** Keeps the state that its backend did not take. @returns its key */
export async function keepErroredState(
  { space, guard, recipients }: ApplyHistory,
  prefix: string,
  state: Uint8Array,
): Promise<string> {
  const key = `${prefix}/errored.tfstate.age`;
  if ((await putOnce(space, guard, key, encryptTo(recipients, state))) === 'there') {
    throw new Error(`The space has ${key} already.`);
  }
  return key;
}
