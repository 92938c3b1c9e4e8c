import { connect } from '../../github/client.js';
import { parseRepository } from '../../github/context.js';
import { planRoots, type ToldRoot } from '../../infra/plan/plan-roots.js';
import { keepMadePlan, provePlan } from '../../infra/plan/prove-plan.js';
import { publishPlans } from '../../infra/report/publish-plans.js';
import { info } from '../../runtime/log.js';
import type { InfraRun } from '../infra-run.js';
import { planSpace } from '../plan-space.js';
import { rootTool } from '../root-tool.js';
import type { Inputs } from './inputs.js';

/** What a run works with. */
export interface PlanInfraRun extends InfraRun {
  inputs: Inputs;
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
  const at = await rootTool(checkout, {
    ...{ named: inputs.tool ?? of.tool, roots: of.roots.roots },
    ...{ env: isFork ? undefined : inputs.env, withIdentity: withIdentity && !isFork, allowsPart },
  });
  const { tool } = at;
  info(`Planning with ${tool.name} ${tool.version}.`);
  const keeper = isFork || inputs.space === undefined ? undefined : await planSpace(inputs.space);
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
    run: { ...at, args },
  });
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
