import type { ToolName } from '../../infra/config/infra-config.js';
import { planArguments } from '../../infra/tool/plan-arguments.js';
import { booleanInput, choiceInput, linesInput, namesInput, requiredInput, secretInput } from '../../runtime/inputs.js';

export interface Inputs {
  /** Names of roots; all of them where they are left out. */
  roots: string[] | undefined;
  tool: ToolName | undefined;
  /** Further arguments of `plan`. */
  args: string[];
  /** Variables of the tool alone, lines of `NAME=value`. */
  env: string | undefined;
  withIdentity: boolean;
  /** Whether the state is locked meanwhile. */
  locks: boolean;
  token: string;
}

/**
 * Reads the inputs.
 *
 * @throws Error naming the input that is missing or malformed, or an argument that is refused
 */
export function readInputs(): Inputs {
  const tool = choiceInput('tool', ['', 'tofu', 'terraform'], '');
  return {
    roots: namesInput('roots'),
    tool: tool === '' ? undefined : tool,
    args: planArguments(linesInput('arguments'), false),
    env: secretInput('env'),
    ...{ withIdentity: booleanInput('id-token', false), locks: booleanInput('lock', false) },
    token: secretInput('token') ?? requiredInput('token', 'It takes a token with "issues: write".'),
  };
}
