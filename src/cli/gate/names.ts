/** What the gate is called on GitHub. Workflows, ruleset, environment and this command have to agree about it. */

/** The one environment that holds the ops App's key. */
export const ENVIRONMENT = 'ostack-gate';

/** The check run that the ruleset requires, from the ops App alone. */
export { GATE_CHECK as CHECK } from '../../ops/policy/gate-check.js';

/** What `gate setup` calls its ruleset. One of another name that asks for the same is as good. */
export const RULESET = 'oStack gate';

/** What `gate setup` calls the ruleset of the branch of previews. */
export const PREVIEWS_RULESET = 'oStack previews';

/** The workflow that writes previews where that ruleset is: without it nobody does. */
export const PREVIEWS_WORKFLOW = '.github/workflows/preview-requests.yml';

/** The workflows of the gate in the ops repository, without which nothing judges. */
export const WORKFLOWS = ['.github/workflows/ops-check.yml', '.github/workflows/ops-gate.yml'] as const;

/** The same in an infra repository, with the workflow that plans: without a plan nothing is let in. */
export const INFRA_WORKFLOWS = [
  '.github/workflows/plan.yml',
  '.github/workflows/infra-check.yml',
  '.github/workflows/infra-gate.yml',
] as const;

/** The App that makes the check runs of workflows: any workflow of any branch does it with its own token. */
export const GITHUB_ACTIONS_APP = 15368;
