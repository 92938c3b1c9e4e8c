import type { RunContext } from '../../github/context.js';
import { booleanInput, durationInput, listInput, requiredInput, textInput } from '../../runtime/inputs.js';
import { readProposeInputs } from '../propose-inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  requiredInput('app', 'Name the app to hold, several separated by commas, or * for all of them.');
  const inputs = {
    ...readProposeInputs(context, ['ostack', 'urgent']),
    environment: requiredInput('environment', 'Name the environment to hold it in, or * for all of them.'),
    apps: [...new Set(listInput('app'))],
    reason: textInput('reason'),
    forMs: textInput('for') === undefined ? undefined : durationInput('for', '0s'),
    direct: booleanInput('direct', true),
    merge: booleanInput('merge', true),
  };
  if (inputs.reason === undefined && !inputs.dryRun) {
    throw new Error('Input "reason" is missing. Say in a few words why: whoever meets the hold reads it.');
  }
  return inputs;
}
