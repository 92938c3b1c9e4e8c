import type { Git } from '../../git/git.js';
import { connect } from '../../github/client.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import { lockTexts, planRoots, type ToldRoot } from '../../infra/plan/plan-roots.js';
import { keepMadePlan, type PlanSpace, provePlan } from '../../infra/plan/prove-plan.js';
import { publishPlans } from '../../infra/report/publish-plans.js';
import type { InfraChange } from '../../infra/roots/read-change.js';
import type { RootsOfChange } from '../../infra/roots/roots-of-change.js';
import { openSpace } from '../../infra/space/space.js';
import { describeGuard, writeGuard } from '../../infra/space/write-guard.js';
import { findTool } from '../../infra/tool/tool.js';
import { toolEnvironment } from '../../infra/tool/tool-environment.js';
import { cancellation } from '../../runtime/cancellation.js';
import { info } from '../../runtime/log.js';
import type { Inputs } from './inputs.js';

/** What a run works with. */
export interface PlanInfraRun {
  context: RunContext;
  git: Git;
  checkout: string;
  inputs: Inputs;
  change: InfraChange;
  of: RootsOfChange;
  scratch: string;
}

/** Whether roots are only named, or none is left to plan. */
function isNothingToPlan({ inputs, of }: PlanInfraRun): boolean {
  return inputs.list || (inputs.roots ?? [...of.affected.roots, ...of.affected.deleted]).length === 0;
}

/**
 * Plans the roots.
 *
 * @throws Error for people: see `findTool`, `toolEnvironment` and `planRoots`
 */
export async function planInfra(run: PlanInfraRun): Promise<ToldRoot[]> {
  if (isNothingToPlan(run)) {
    return [];
  }
  const { git, checkout, inputs, change, of, scratch } = run;
  const { withIdentity, allowsPart, args } = inputs;
  const isFork = change.pull?.isFork === true;
  const environment = toolEnvironment(process.env, isFork ? undefined : inputs.env, {
    withIdentity: withIdentity && !isFork,
    allowsPart,
  });
  const signal = cancellation();
  const locks = await lockTexts(
    checkout,
    of.roots.roots.map(({ folder }) => folder),
  );
  const tool = await findTool(inputs.tool ?? of.tool, locks, { cwd: checkout, env: environment.env, signal });
  info(`Planning with ${tool.name} ${tool.version}.`);
  const keeper = isFork ? undefined : await planSpace(inputs.space);
  return planRoots({
    keep: async ({ root }, plan) => {
      const planOf = { git, commit: change.commit, roots: of.roots, root, tool, args };
      const made = { ...planOf, pull: change.pull?.number, runUrl: run.context.runUrl, at: new Date() };
      return provePlan(plan, made, keeper && (await keepMadePlan(keeper, plan, made)));
    },
    git,
    change,
    of,
    only: inputs.roots,
    scratch,
    run: { tool, environment, checkout, args, signal },
  });
}

async function planSpace(given: Inputs['space']): Promise<PlanSpace | undefined> {
  if (given === undefined) {
    return undefined;
  }
  const space = openSpace(given.address, given.keys);
  const guard = await writeGuard(space);
  info(describeGuard(guard));
  return { space, guard, recipients: given.recipients };
}

/**
 * Tells the pull request. Where nothing is planned, an earlier push may have left a comment.
 *
 * @throws Error naming the permission that the token lacks
 */
export async function tellPull(run: PlanInfraRun, told: readonly ToldRoot[]): Promise<void> {
  const { context, inputs, change, of } = run;
  const { pull } = change;
  const isLater = inputs.list && of.affected.roots.length + of.affected.deleted.length > 0;
  if (pull === undefined || pull.isFork || !inputs.tells || isLater) {
    return;
  }
  if (inputs.token === undefined) {
    throw new Error(
      'Input "token" is missing. Pass a token with "checks: write" and "pull-requests: write", or say "comment: false".',
    );
  }
  const to = {
    github: connect({ token: inputs.token }),
    repository: parseRepository(context.repository, 'GITHUB_REPOSITORY'),
  };
  const place = { to, number: pull.number, head: pull.head, runUrl: context.runUrl };
  await publishPlans(place, { roots: told, isAll: inputs.roots === undefined });
}
