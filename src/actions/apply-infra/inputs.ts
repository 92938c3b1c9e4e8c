import type { ToolName } from '../../infra/config/infra-config.js';
import { planArguments } from '../../infra/tool/plan-arguments.js';
import { booleanInput, choiceInput, namesInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { type SpaceInputs, spaceInputs } from '../space-inputs.js';

export interface Inputs {
  /** Names of roots; those of the change where they are left out. */
  roots: string[] | undefined;
  list: boolean;
  tool: ToolName | undefined;
  /** Further arguments of `plan`, the ones that the pull request's had. */
  args: string[];
  env: string | undefined;
  withIdentity: boolean;
  space: (SpaceInputs & { identity: string }) | undefined;
  /** Slug of the App whose check runs count. */
  app: string;
  /** What a person says by hand. */
  accepts: string | undefined;
  start: string | undefined;
  unlock: string | undefined;
  token: string;
  membersToken: string | undefined;
}

/**
 * Reads the inputs.
 *
 * @throws Error naming the input that is missing or malformed, or an argument that is refused
 */
export function readInputs(): Inputs {
  const tool = choiceInput('tool', ['', 'tofu', 'terraform'], '');
  const list = booleanInput('list', false);
  const lines = (textInput('arguments') ?? '').split('\n').map((line) => line.trim());
  const space = list ? undefined : spaceInputs();
  const roots = namesInput('roots');
  const unlock = textInput('unlock');
  if (unlock !== undefined && roots?.length !== 1) {
    throw new Error('Input "unlock" opens the lock of one root: name that, and no other, in "roots".');
  }
  return {
    ...{ roots, list, unlock, accepts: textInput('accept'), start: textInput('start') },
    tool: tool === '' ? undefined : tool,
    args: planArguments(
      lines.filter((line) => line !== ''),
      false,
    ),
    env: secretInput('env'),
    withIdentity: booleanInput('id-token', false),
    space: space && { ...space, identity: identityInput() },
    app: textInput('app') ?? 'github-actions',
    token: secretInput('token') ?? requiredInput('token', 'It tells the pull request, and reads what was reviewed.'),
    membersToken: secretInput('members-token'),
  };
}

function identityInput(): string {
  const missing = 'It takes the secret key of age, AGE-SECRET-KEY-1…, that opens what is kept in the space.';
  return secretInput('identity') ?? requiredInput('identity', missing);
}
