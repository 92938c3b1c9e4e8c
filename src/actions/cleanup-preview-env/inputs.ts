import { parseRepository } from '../../github/context.js';
import { readAskInputs } from '../../ops/verbs/previews/run/ask-for.js';
import { readWaitInputs } from '../../ops/verbs/previews/wait/inputs.js';
import {
  booleanInput,
  choiceInput,
  integerInput,
  requiredInput,
  secretInput,
  textInput,
} from '../../runtime/inputs.js';

/** Reads the inputs of `cleanup-preview-env`. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = textInput('ops-repository');
  const number = integerInput('number', 0);
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.'),
    githubToken: secretInput('github-token'),
    opsRepository: ops === undefined ? undefined : parseRepository(ops, 'Input "ops-repository"'),
    mode: choiceInput('mode', ['pull-request', 'run', 'repository', 'sweep'], 'pull-request'),
    number: number === 0 ? undefined : number,
    wait: readWaitInputs(),
    ask: readAskInputs(),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
