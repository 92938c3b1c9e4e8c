import type { RunContext } from '../../github/context.js';
import { booleanInput, durationInput, listInput, requiredInput, textInput } from '../../runtime/inputs.js';
import { mergeInput, readProposeInputs } from '../propose-inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  const shared = readProposeInputs(context, ['ostack', 'urgent']);
  requiredInput('app', 'Name the app to roll back, or several separated by commas.');
  const inputs = {
    ...shared,
    environment: requiredInput('environment', 'Name the environment to roll back in, for example production.'),
    apps: [...new Set(listInput('app'))],
    version: textInput('version'),
    reason: textInput('reason'),
    hold: booleanInput('hold', true),
    holdForMs: textInput('hold-for') === undefined ? undefined : durationInput('hold-for', '0s'),
    direct: booleanInput('direct', false),
    merge: mergeInput(),
  };
  if (inputs.reason === undefined && !inputs.dryRun) {
    throw new Error('Input "reason" is missing. Say in a few words why: whoever meets the hold reads it.');
  }
  if (inputs.version !== undefined && inputs.apps.length > 1) {
    throw new Error(
      `Input "version" is "${inputs.version}" for ${inputs.apps.length} apps. Name one app, or leave it out to take each back to its version before.`,
    );
  }
  return inputs;
}
