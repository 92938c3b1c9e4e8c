import { parseRepository } from '../../github/context.js';
import { readAskInputs } from '../../ops/verbs/previews/run/ask-for.js';
import { booleanInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs of `preview-command`. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = textInput('ops-repository');
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.'),
    githubToken:
      secretInput('github-token') ??
      requiredInput('github-token', 'Pass the token of the job, `github.token`, which reads the command.'),
    opsRepository: ops === undefined ? undefined : parseRepository(ops, 'Input "ops-repository"'),
    forkLabel: textInput('fork-label') ?? 'preview',
    ask: readAskInputs(),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
