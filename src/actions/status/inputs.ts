import { parseRepository, type RunContext } from '../../github/context.js';
import { listInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  return {
    repository: parseRepository(textInput('ops-repository') ?? context.repository, 'Input "ops-repository"'),
    apps: listInput('apps').filter((app) => app !== '*'),
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may read the ops repository.'),
  };
}
