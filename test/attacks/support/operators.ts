import { at, merge, OPS, rest, review, verdictOn } from './guarded.js';
import { ROLES } from './plain.js';
import type { Running } from './workflows.js';

/** The rules of the environment with a soak time that nothing is through, and with a second approver. */
export const SOAKING = ROLES.replace('approvers: [grace]', 'soak: 2h, approvers: [grace, heidi]');

export interface Started {
  /** File of the starter, without its ending. */
  verb: string;
  by: string;
  inputs: Record<string, string | boolean>;
  approvedBy?: string;
}

/**
 * Somebody starts one of our workflows from its form, and tries to merge what it proposed.
 *
 * @returns what the gate says and what comes of the merge; what the workflow said where it proposed nothing
 */
export async function operate(ops: Running, { verb, by, inputs, approvedBy }: Started): Promise<string> {
  const workflow = `${verb}.yml`;
  await ops.runner.dispatch({ repository: OPS, event: 'workflow_dispatch', workflow, actor: by, inputs });
  await ops.runner.idle();
  const { body } = await rest(ops.stage, `GET /repos/${OPS}/pulls`);
  const [number, head] = [Number(at(body, 0, 'number')), at(body, 0, 'head', 'sha')];
  if (Number.isNaN(number)) {
    return `nothing proposed: ${ops.runner.runs.map((run) => JSON.stringify(run.jobs)).join('\n')}`;
  }
  if (approvedBy !== undefined) {
    await review(ops, number, approvedBy);
    await ops.runner.idle();
  }
  return `${await verdictOn(ops, head)} | ${await merge(ops, number)}`;
}
