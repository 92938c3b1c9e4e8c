import * as v from 'valibot';
import { parseRepository } from '../../github/context.js';
import { imageSchema } from '../../images/image.js';
import { readAskInputs } from '../../ops/verbs/previews/run/ask-for.js';
import { readWaitInputs } from '../../ops/verbs/previews/wait/inputs.js';
import {
  booleanInput,
  choiceInput,
  integerInput,
  jsonInput,
  requiredInput,
  secretInput,
  textInput,
} from '../../runtime/inputs.js';

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Reads the inputs of `create-preview-env`. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = textInput('ops-repository');
  const number = integerInput('number', 0);
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may write to the ops repository.'),
    githubToken:
      secretInput('github-token') ??
      requiredInput('github-token', 'Pass the token of the job, `github.token`, which lists the open pull requests.'),
    opsRepository: ops === undefined ? undefined : parseRepository(ops, 'Input "ops-repository"'),
    images: jsonInput('images', v.array(imageSchema)) ?? [],
    affected: jsonInput('affected', v.array(v.string())) ?? [],
    subject: choiceInput('for', ['pull-request', 'run'], 'pull-request'),
    number: number === 0 ? undefined : number,
    head: readHead(),
    forkLabel: textInput('fork-label') ?? 'preview',
    wait: readWaitInputs(),
    ask: readAskInputs(),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;

function readHead(): string | undefined {
  const head = textInput('head-sha');
  if (head !== undefined && !COMMIT.test(head)) {
    throw new Error(`Input "head-sha" is "${head}", expected the full id of the pull request's last commit.`);
  }
  return head;
}
