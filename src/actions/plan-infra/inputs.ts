import type { ToolName } from '../../infra/config/infra-config.js';
import type { SpaceKeys } from '../../infra/space/signature.js';
import { parseSpaceAddress, type SpaceAddress } from '../../infra/space/space-address.js';
import { planArguments } from '../../infra/tool/plan-arguments.js';
import { booleanInput, choiceInput, namesInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';
import { spaceKeys } from '../space-keys.js';

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
  space: { address: SpaceAddress; keys: SpaceKeys; recipients: string } | undefined;
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
    space: spaceInputs(),
  };
}

function spaceInputs(): Inputs['space'] {
  const space = textInput('space');
  return space === undefined || booleanInput('list', false)
    ? undefined
    : {
        address: parseSpaceAddress(space, textInput('region')),
        keys: spaceKeys(),
        recipients: requiredInput(
          'recipients',
          'It takes a public key of age, which `age-keygen` makes: plans are kept encrypted.',
        ),
      };
}

/** One a line: a value may have commas in it. */
function linesOf(name: string): string[] {
  const lines = (textInput(name) ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
