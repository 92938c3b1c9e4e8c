import { parseRepository } from '../../github/context.js';
import { requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const repository = textInput('ops-repository');
  return {
    opsRepository: repository === undefined ? undefined : parseRepository(repository, 'Input "ops-repository"'),
    token:
      secretInput('github-token') ?? requiredInput('github-token', 'Pass `github.token`, which reads ostack.yaml.'),
  };
}
