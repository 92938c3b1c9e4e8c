import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository } from '../../github/context.js';
import type { RunEvent } from '../../github/event.js';
import type { ApplyHistory } from '../../infra/apply/apply-history.js';
import { applyRoots, rootsToApply } from '../../infra/apply/apply-roots.js';
import { readMergedHistory } from '../../infra/apply/merged-pulls.js';
import type { AppliedRoot } from '../../infra/apply/root-outcome.js';
import { tellApplies } from '../../infra/apply/tell-applies.js';
import { unlockRoot } from '../../infra/apply/unlock.js';
import { recordHashes } from '../../infra/history/record-hashes.js';
import type { PlanRun } from '../../infra/plan/plan-root.js';
import { teamReader } from '../../ops/judgement/approvers.js';
import { info } from '../../runtime/log.js';
import type { InfraRun } from '../infra-run.js';
import { planSpace } from '../plan-space.js';
import { rootTool } from '../root-tool.js';
import type { Inputs } from './inputs.js';

/** What a run works with. */
export interface ApplyInfraRun extends InfraRun {
  event: RunEvent;
  inputs: Inputs;
  scratch: string;
}

/** @throws Error where the run is of something that is not merged */
export function requireEvent(name: string): void {
  if (name !== 'push' && name !== 'workflow_dispatch') {
    throw new Error(
      `The event is ${name === '' ? 'none' : name}, and nothing is applied that is not merged. Run this on push of the default branch, and by hand (workflow_dispatch).`,
    );
  }
}

/**
 * Applies the roots of the run, or opens a lock, and tells the pull requests.
 *
 * @throws Error for people, and of a request to GitHub that fails
 */
export async function applyInfra(run: ApplyInfraRun): Promise<AppliedRoot[]> {
  const { context, git, inputs, change, of, scratch } = run;
  const github = connect({ token: inputs.token });
  const to: Connected = { github, repository: parseRepository(context.repository, 'GITHUB_REPOSITORY') };
  const history = await readMergedHistory(to, change.commit);
  if (context.ref !== `refs/heads/${history.branch}`) {
    throw new Error(
      `The run is of ${context.ref}, and only what is in ${history.branch} is applied. Run it there: its environments let in no other branch.`,
    );
  }
  const person = personOf(run);
  if (inputs.unlock === undefined && rootsToApply(of, inputs.roots).length === 0) {
    return [];
  }
  const plan = await planRun(run);
  if (inputs.unlock !== undefined) {
    await unlock(run, plan, inputs.unlock, person);
    return [];
  }
  const members = inputs.membersToken === undefined ? github : connect({ token: inputs.membersToken });
  const applied = await applyRoots({
    ...{ change, of, only: inputs.roots, history, app: inputs.app, scratch },
    word: person === undefined ? undefined : { login: person, accepts: inputs.accepts, start: inputs.start },
    members: teamReader(members),
    run: {
      ...{ git, to, plan, space: await applySpace(inputs.space, to), now: () => new Date() },
      run: { url: context.runUrl, id: context.runId, by: context.triggeringActor },
    },
  });
  const reports = applied.map(({ report }) => report);
  await tellApplies({ ...history, to, app: inputs.app, commit: change.commit }, reports);
  return applied;
}

/** The person who started the run by hand; what they say is theirs. */
function personOf({ event, context, inputs }: ApplyInfraRun): string | undefined {
  const isPerson = event.name === 'workflow_dispatch' && !context.triggeringActor.endsWith('[bot]');
  const says = inputs.accepts ?? inputs.start ?? inputs.unlock;
  if (says !== undefined && !isPerson) {
    throw new Error('Inputs "accept", "start" and "unlock" are for people who run the workflow by hand.');
  }
  return isPerson ? context.triggeringActor : undefined;
}

async function planRun({ checkout, inputs, of }: ApplyInfraRun): Promise<Omit<PlanRun, 'roots' | 'scratch'>> {
  const at = await rootTool(checkout, {
    ...{ named: inputs.tool ?? of.tool, roots: of.roots.roots },
    ...{ env: inputs.env, withIdentity: inputs.withIdentity, allowsPart: false },
  });
  info(`Applying with ${at.tool.name} ${at.tool.version}.`);
  return { ...at, args: inputs.args };
}

async function applySpace(
  given: Inputs['space'],
  to: Connected,
): Promise<{ history: ApplyHistory; identity: string } | undefined> {
  if (given === undefined) {
    info(
      'Plans are kept in no space: what was reviewed is known by hashes of it, in which sensitive values do not count, and a start by a check run, which two runs could make at once.',
    );
    return undefined;
  }
  const record: ApplyHistory['record'] = (kept) => recordHashes(to, kept);
  return { history: { ...(await planSpace(given)), record }, identity: given.identity };
}

async function unlock(
  { of, inputs, scratch }: ApplyInfraRun,
  plan: Omit<PlanRun, 'roots' | 'scratch'>,
  id: string,
  person: string | undefined,
): Promise<void> {
  const root = rootsToApply(of, inputs.roots)[0]?.root;
  if (root === undefined) {
    throw new Error(`There is no root ${(inputs.roots ?? []).join(', ')}.`);
  }
  await unlockRoot(root, { ...plan, roots: of.roots, scratch: await mkdtemp(join(scratch, 'unlock-')) }, id);
  info(`${person ?? 'Nobody'} opened the lock ${id} of ${root.name}.`);
}
