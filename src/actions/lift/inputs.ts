import { listInput, requiredInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing */
export function readInputs() {
  return { app: requiredInput('app', 'Name the app.'), intents: listInput('patch') };
}
