import * as v from 'valibot';
import { parse } from 'yaml';
import type { ActionMetadata } from './metadata.js';

const stepsSchema = v.array(
  v.object({ uses: v.optional(v.string(), ''), with: v.optional(v.record(v.string(), v.unknown()), {}) }),
);

/**
 * Checks that the steps of an example pass inputs that our actions have, and all that they require.
 *
 * @param file named in errors
 * @param actions metadata by every published name
 * @throws Error naming the action and the input
 */
export function checkExample(text: string, file: string, actions: ReadonlyMap<string, ActionMetadata>): void {
  for (const step of v.parse(stepsSchema, parse(text) ?? [])) {
    const name = /^ostack\/actions\/([^@/]+)@/.exec(step.uses)?.[1];
    const action = name === undefined ? undefined : actions.get(name);
    if (action === undefined) {
      if (name !== undefined) {
        throw new Error(`${file}: there is no action "${name}".`);
      }
      continue;
    }
    const given = Object.keys(step.with);
    const unknown = given.find((input) => !(input in action.inputs));
    const missing = Object.entries(action.inputs).find(([input, { required }]) => required && !given.includes(input));
    if (unknown !== undefined) {
      throw new Error(`${file}: ${name} has no input "${unknown}". It has ${Object.keys(action.inputs).join(', ')}.`);
    }
    if (missing !== undefined) {
      throw new Error(`${file}: ${name} requires the input "${missing[0]}".`);
    }
  }
}
