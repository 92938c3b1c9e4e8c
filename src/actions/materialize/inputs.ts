import type { MaterializeRequest } from '../../materialize/materialize.js';
import { readPolicy } from '../../ops/policy/policy.js';
import { booleanInput, choiceInput, listInput, textInput } from '../../runtime/inputs.js';

/** An environment becomes a part of paths. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Reads the inputs.
 *
 * @param policy the text of `ostack.yaml`, whose environments are rendered where none is named; `undefined` where there is none
 * @throws Error naming the input that is missing or malformed
 */
export function readInputs(policy: string | undefined): MaterializeRequest {
  const named = [...new Set(listInput('environments'))];
  const environments = named.length > 0 ? named : readPolicy(policy).environments.map(({ name }) => name);
  if (environments.length === 0) {
    throw new Error(
      'Input "environments" is empty, and ostack.yaml names none. Name at least one, for example staging.',
    );
  }
  const configurations = listInput('configurations');
  for (const [input, names] of [
    ['environments', environments],
    ['configurations', configurations.map((name) => name.replaceAll('{environment}', 'x'))],
  ] as const) {
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw new Error(`Input "${input}" has "${wrong}", expected names of letters, digits, ".", "_" and "-".`);
    }
  }
  return {
    ...{
      source: textInput('source') ?? '.',
      environments,
      output: textInput('output') ?? 'materialized/{environment}',
    },
    ...{ values: listInput('values'), release: textInput('release'), namespace: textInput('namespace') },
    configurations: configurations.length === 0 ? undefined : configurations,
    withDefinitions: booleanInput('crds', false),
    withChartHooks: booleanInput('chart-hooks', false),
    ignoresHooks: choiceInput('component-hooks', ['refuse', 'ignore'], 'refuse') === 'ignore',
    dryRun: booleanInput('dry-run', false),
  };
}
