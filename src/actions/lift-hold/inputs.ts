import type { RunContext } from '../../github/context.js';
import { booleanInput, listInput, requiredInput, textInput } from '../../runtime/inputs.js';
import { mergeInput, readProposeInputs } from '../propose-inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  requiredInput('app', 'Name the app that is held, or several separated by commas.');
  return {
    ...readProposeInputs(context),
    environment: requiredInput('environment', 'Name the environment that it is held in, for example production.'),
    apps: [...new Set(listInput('app'))],
    reason: textInput('reason'),
    direct: booleanInput('direct', true),
    merge: mergeInput(),
  };
}
