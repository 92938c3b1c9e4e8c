import { parseRepository, type RunContext } from '../../github/context.js';
import { booleanInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  const token =
    secretInput('token') ??
    requiredInput('token', 'Pass a token that may read the ops repository and record deployments.');
  return {
    token,
    rollbackToken: secretInput('rollback-token') ?? token,
    repository: parseRepository(textInput('ops-repository') ?? context.repository, 'Input "ops-repository"'),
    appsToken: secretInput('apps-token'),
    comments: booleanInput('comment', true),
    dryRun: booleanInput('dry-run', false),
  };
}
