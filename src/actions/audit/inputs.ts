import { booleanInput, requiredInput, secretInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token of the ops App that reads.'),
    reportToken: secretInput('report-token'),
    revertToken: secretInput('revert-token'),
    membersToken: secretInput('members-token'),
    appsToken: secretInput('apps-token'),
    app: requiredInput('app-slug', 'Pass the output "app-slug" of actions/create-github-app-token.'),
    dryRun: booleanInput('dry-run', false),
  };
}
