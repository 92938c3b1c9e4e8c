/**
 * The stand-ins for `opentofu/setup-opentofu` and `hashicorp/setup-terraform`: the tool that the machine has, whichever version was
 * asked for.
 *
 * @see https://github.com/opentofu/setup-opentofu
 * @see https://github.com/hashicorp/setup-terraform
 */
import { isOnPath } from '../../../ops/render/run-kustomize.js';
import type { StandIn } from './stand-in.js';

/** @param name of the program, by which the inputs are called, too */
export function setupTool(name: 'tofu' | 'terraform', more: readonly string[]): StandIn {
  const common = [
    'cli_config_credentials_hostname',
    'cli_config_credentials_token',
    `${name}_version`,
    `${name}_wrapper`,
  ];
  return {
    inputs: new Map([...common, ...more].map((input) => [input, undefined])),
    // A wrapper would print what the tool prints.
    refused: { cli_config_credentials_token: '', [`${name}_wrapper`]: 'false' },
    async run({ job }) {
      if (!(await isOnPath(name, job.plan.run.services.machine.path))) {
        throw new Error(
          `${name} is not on the PATH of this machine, and the local runner fetches nothing. Install it.`,
        );
      }
      job.log(`${name} is the one of this machine, whichever version was asked for.`);
      return { outputs: {} };
    },
  };
}
