import { booleanInput, requiredInput, secretInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass the token of the ops App.'),
    app: requiredInput('app-slug', 'Pass the output "app-slug" of actions/create-github-app-token.'),
    membersToken: secretInput('members-token'),
    appsToken: secretInput('apps-token'),
    judgesAgain: booleanInput('judges-again', false),
    withdraw: booleanInput('withdraw', false),
    dryRun: booleanInput('dry-run', false),
  };
}

/**
 * Refuses a re-run: it would judge with the workflow and the time of a run from up to 30 days ago, and anybody with write may
 * start one.
 *
 * @param attempt `GITHUB_RUN_ATTEMPT`
 * @param workflow the page on which a new run is started
 * @throws Error saying how to start anew
 */
export function refuseRerun(attempt: string | undefined, workflow: string): void {
  if (attempt !== undefined && attempt !== '' && attempt !== '1') {
    throw new Error(
      `This is attempt ${attempt} of a run, and a run that is started again judges nothing. Start a new one: "Run workflow" on ${workflow}.`,
    );
  }
}
