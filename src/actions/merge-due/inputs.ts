import { booleanInput, listInput, requiredInput, secretInput } from '../../runtime/inputs.js';
import { readMergeMethod } from '../propose-inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass the token of the workflow, "github.token".'),
    membersToken: secretInput('members-token'),
    checks: listInput('checks', ['Ops check / Check']),
    mergeMethod: readMergeMethod(),
    dryRun: booleanInput('dry-run', false),
  };
}
