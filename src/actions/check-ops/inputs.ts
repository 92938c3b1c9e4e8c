import { booleanInput, integerInput, requiredInput, secretInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const number = integerInput('pull-request', 0);
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass `github.token`.'),
    membersToken: secretInput('members-token'),
    number: number === 0 ? undefined : number,
    comment: booleanInput('comment', true),
    statuses: booleanInput('statuses', true),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
