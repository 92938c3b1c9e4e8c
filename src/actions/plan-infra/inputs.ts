import type { ToolName } from '../../infra/config/infra-config.js';
import { planArguments } from '../../infra/tool/plan-arguments.js';
import { booleanInput, choiceInput, namesInput, secretInput, textInput } from '../../runtime/inputs.js';
import { type SpaceInputs, spaceInputs } from '../space-inputs.js';

export interface Inputs {
  /** Names of roots; those that the change reaches where they are left out. */
  roots: string[] | undefined;
  /** Whether roots are only named, and nothing is planned. */
  list: boolean;
  tool: ToolName | undefined;
  /** Further arguments of `plan`. */
  args: string[];
  /** Whether arguments may make it a plan of a part. */
  allowsPart: boolean;
  /** Variables of the tool alone, lines of `NAME=value`. */
  env: string | undefined;
  withIdentity: boolean;
  /** Whether the pull request is told. */
  tells: boolean;
  token: string | undefined;
  /** Where plans are kept; `undefined` where they are not. */
  space: SpaceInputs | undefined;
}

/**
 * Reads the inputs.
 *
 * @throws Error naming the input that is malformed, or an argument that is refused
 */
export function readInputs(): Inputs {
  const allowsPart = booleanInput('partial', false);
  const tool = choiceInput('tool', ['', 'tofu', 'terraform'], '');
  return {
    ...{ roots: namesInput('roots'), list: booleanInput('list', false), allowsPart },
    tool: tool === '' ? undefined : tool,
    args: planArguments(linesOf('arguments'), allowsPart),
    env: secretInput('env'),
    withIdentity: booleanInput('id-token', false),
    tells: booleanInput('comment', true),
    token: secretInput('token'),
    space: booleanInput('list', false) ? undefined : spaceInputs(),
  };
}

/** One a line: a value may have commas in it. */
function linesOf(name: string): string[] {
  const lines = (textInput(name) ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
