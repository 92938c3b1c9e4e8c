import { isRequestFailure } from '../../../github/errors.js';
import { heldWithBase } from '../../judgement/held-in-base.js';
import { ranOnce, ranThere } from '../../judgement/ran-once.js';
import { deployedSince } from '../../ledger/ledger.js';
import { unreportedBefore } from '../../live/unreported.js';
import { type AppState, knowsLayers, readState, withLayers } from '../../overlays/app-state.js';
import { templatesOf } from '../../overlays/carrier-files.js';
import { environmentPolicy, type PolicyEnvironment } from '../../policy/policy.js';
import {
  backwardsRefusal,
  freezeRefusal,
  holdRefusal,
  orderRefusal,
  type Refusal,
  refusal,
  type Wanted,
} from '../../policy/rules.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { snapshotAt } from '../../repository/snapshot-at.js';
import { type Moved, planPromotion } from '../../restore/plan-promotion.js';
import { promoteApps, readMove } from '../../restore/promote-apps.js';
import type { PromotionRequest } from './request.js';
import type { Ledgers, Side, Source } from './sources.js';

/** What a target environment is to adopt of one app. */
export interface Adoption {
  app: string;
  source: AppState;
  moved: Moved;
  /** Since when the source environment runs it; `undefined` where it has moved on, or does not run it yet. */
  since: Date | undefined;
  /** Rules that `force` went past. */
  forced: Refusal[];
}

/** An app that stays behind. */
export interface Left {
  app: string;
  message: string;
  /** Somebody holds it in the target. */
  held: boolean;
  /** The target does not have it, and nobody asked for apps that are new. */
  isNew: boolean;
}

/** An app that the target has as the source has it. */
export interface Same {
  app: string;
  version: string | null;
  chart?: string | undefined;
  /** Why it is not proved that something runs it, sentences. */
  unproved?: readonly string[] | undefined;
}

/** What is decided for a target environment. */
export interface Decision {
  environment: PolicyEnvironment;
  source: Source;
  /** Apps that change. */
  going: Adoption[];
  /** Apps that have it all already, with their version. */
  same: Same[];
  /** Apps that may not or cannot go, with the reason. */
  left: Left[];
  /** The environments before it whose healthy time would count, if anything reported it. */
  unreported: readonly string[];
}

/** Decides for each app whether it may go into a target environment. Ledgers are read only for apps that would change. */
export async function decide(
  snapshot: Snapshot,
  request: PromotionRequest,
  target: string,
  source: Source,
  ledgers: Ledgers,
  apps: readonly string[],
): Promise<Decision> {
  const environment = environmentPolicy(snapshot.policy, target);
  const unreported = unreportedBefore(snapshot.policy, [target]);
  const decision: Decision = { environment, source, going: [], same: [], left: [], unreported };
  const judged = await Promise.all(apps.map((app) => judge(snapshot, request, environment, source, ledgers, app)));
  for (const each of judged) {
    if ('message' in each) {
      decision.left.push(each);
    } else if ('moved' in each) {
      decision.going.push(each);
    } else {
      decision.same.push(each);
    }
  }
  return decision;
}

type Judged = Adoption | Same | Left;

async function judge(
  snapshot: Snapshot,
  request: PromotionRequest,
  environment: PolicyEnvironment,
  source: Source,
  ledgers: Ledgers,
  app: string,
): Promise<Judged> {
  try {
    const sides = { source: await source.sideFor(app), target: snapshot };
    refuseUneven(sides, source.environment, environment.name, app);
    const trees = { source: sides.source.tree, target: snapshot.tree };
    const move = await readMove(trees, snapshot.layout, source.environment, environment.name, app, sides.source.layout);
    const { source: from, target: to } = move;
    const { moved, failed } = await promoteApps(snapshot.tree, snapshot.layout, [move], request.includeNew);
    const [plan] = moved;
    if (plan === undefined) {
      const isNew = from.deployed !== undefined && to.deployed === undefined && !request.includeNew;
      return { app, message: failed[0]?.error.message ?? '', held: false, isNew };
    }
    if (!plan.changed) {
      return { app, version: plan.version, chart: plan.chart, unproved: plan.unproved };
    }
    const refusals = await refusalsOf(snapshot, environment, source, ledgers, plan, from, to);
    const content = refusals.filter(({ forcible }) => !forcible || !request.force);
    if (content.length > 0) {
      const held = content.some(({ rule }) => rule === 'hold');
      return { app, message: content[0]?.message ?? '', held, isNew: false };
    }
    const ledger = await ledgers(source.environment, app);
    const ran = await ranThere(snapshot, source.environment, app, ledger);
    return { app, source: from, moved: plan, since: deployedSince(ran, plan.version), forced: refusals };
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { app, message: error.message, held: false, isNew: false };
  }
}

/** What is moved goes from a place of the app to its counterpart, and places of two branches may be other ones. */
function refuseUneven({ source, target }: { source: Side; target: Side }, from: string, to: string, app: string): void {
  const [one, other] = [source.layout, target.layout].map((layout) => templatesOf(layout, app));
  const isUneven = one?.length !== other?.length;
  if (source.layout !== target.layout && isUneven) {
    throw new Error(
      `${app} is in ${(one ?? []).join(' and ')} in ${from}, and in ${(other ?? []).join(' and ')} in ${to}, each on its branch, so ` +
        'nobody can tell what goes where. Say where overlays are with "overlays" in ostack.yaml.',
    );
  }
}

async function refusalsOf(
  snapshot: Snapshot,
  environment: PolicyEnvironment,
  source: Source,
  ledgers: Ledgers,
  plan: Moved,
  from: AppState,
  to: AppState,
): Promise<Refusal[]> {
  const { app, version, targets, previous } = plan;
  const wanted: Wanted = { app, version, targets };
  const before = new Map(
    await Promise.all(
      environment.after.map(async (name) => {
        const ledger = await ledgers(name, app);
        const { tree, layout, now } = await snapshotAt(snapshot, name, app);
        const held = knowsLayers(from) ? await heldWithBase(tree, layout, ledger, name, app, now) : ledger;
        return [name, await ranOnce(snapshot, name, app, held)] as const;
      }),
    ),
  );
  const skipped = await skips(snapshot, environment, source, from, to);
  return [
    holdRefusal(snapshot.holds, environment.name, app, snapshot.now),
    freezeRefusal(environment, snapshot.now),
    plan.backwards ? backwardsRefusal(environment, source.label, wanted, previous, plan.apart) : undefined,
    skipped,
    skipped === undefined ? orderRefusal(environment, wanted, before, snapshot.now) : undefined,
  ].flatMap((refusal) => refusal ?? []);
}

/** An environment that does not come right before the target counts only where it says the same as the one that does. */
async function skips(
  snapshot: Snapshot,
  environment: PolicyEnvironment,
  source: Source,
  from: AppState,
  to: AppState,
): Promise<Refusal | undefined> {
  const { after } = environment;
  if (after.length === 0 || after.includes(source.environment)) {
    return undefined;
  }
  const files = (state: AppState) =>
    JSON.stringify([...planPromotion([{ app: from.app, source: state, target: to }], true).change.files]);
  const wanted = files(from);
  const states = await Promise.all(
    after.map(async (name) => {
      const { tree, layout } = await snapshotAt(snapshot, name, from.app);
      const state = await readState(tree, layout, name, from.app);
      return knowsLayers(from) ? withLayers(tree, layout, state) : state;
    }),
  );
  const other = states.find((state) => files(state) !== wanted);
  const fact =
    `${environment.name} comes after ${after.join(' and ')}, and ${other?.environment} does not have what ${source.label} ` +
    `has of ${from.app}.`;
  const rest = `Promote it to ${other?.environment} first, or go past the policy with "force" and a reason.`;
  return other === undefined ? undefined : refusal('order', fact, rest);
}
