import { booleanInput, requiredInput } from '../../runtime/inputs.js';
import { parseFlows } from './flows.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const allowed = requiredInput('allowed', 'Say which branches may be merged into which, for example "dev -> stage".');
  const lines = allowed.split('\n').map((line) => line.trim());
  return {
    flows: parseFlows(lines.filter((line) => line !== '' && !line.startsWith('#'))),
    forks: booleanInput('allow-forks', false),
  };
}
