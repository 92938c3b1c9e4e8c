import * as v from 'valibot';
import type { ToolName } from '../config/infra-config.js';
import { jsonIn } from './json-output.js';
import { type ProgramEnd, runProgram } from './run-program.js';

/** OpenTofu or Terraform, as it is on this machine. */
export interface Tool {
  name: ToolName;
  /** `1.12.6` */
  version: string;
  run(args: readonly string[], at: ToolRun): Promise<ProgramEnd>;
}

/** Where and with what the tool runs. */
export interface ToolRun {
  /** The folder of the root. */
  cwd: string;
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** What people call it. */
export const TOOL_TITLES: Readonly<Record<ToolName, string>> = { tofu: 'OpenTofu', terraform: 'Terraform' };

const versionSchema = v.object({ terraform_version: v.string() });

/**
 * Finds the tool: the one that is named, else the one that is there; where both are, the one that the lock files are of.
 *
 * @param named by an input or by `ostack.yaml`
 * @param locks texts of `.terraform.lock.hcl`
 * @throws Error saying what is missing, or what to name
 */
export async function findTool(named: ToolName | undefined, locks: readonly string[], at: ToolRun): Promise<Tool> {
  const names: ToolName[] = named === undefined ? ['tofu', 'terraform'] : [named];
  const found = (await Promise.all(names.map((name) => toolAt(name, at)))).filter((tool) => tool !== undefined);
  const [first, second] = found;
  if (first === undefined) {
    throw new Error(
      named === undefined
        ? 'Neither tofu nor terraform is on the PATH. Set one up before this step, for example with opentofu/setup-opentofu or hashicorp/setup-terraform, and pin its version.'
        : `${named} is not on the PATH. Set it up before this step, for example with ${named === 'tofu' ? 'opentofu/setup-opentofu' : 'hashicorp/setup-terraform'}, and pin its version.`,
    );
  }
  if (second === undefined) {
    return first;
  }
  const byLock = toolOfLocks(locks);
  const chosen = found.find(({ name }) => name === byLock);
  if (chosen === undefined) {
    throw new Error(
      `Both tofu ${first.version} and terraform ${second.version} are on the PATH, and ${byLock === undefined ? 'no lock file says' : 'the lock files do not agree on'} which one is yours. Name it in ostack.yaml: tool: tofu`,
    );
  }
  return chosen;
}

/** Which tool wrote lock files: it is the registry of their providers. Nothing where they have none, or do not agree. */
export function toolOfLocks(locks: readonly string[]): ToolName | undefined {
  const isOf = (registry: string) => locks.some((text) => text.includes(`provider "${registry}/`));
  const [tofu, terraform] = [isOf('registry.opentofu.org'), isOf('registry.terraform.io')];
  return tofu === terraform ? undefined : tofu ? 'tofu' : 'terraform';
}

async function toolAt(name: ToolName, at: ToolRun): Promise<Tool | undefined> {
  const run = (args: readonly string[], where: ToolRun) => runProgram({ file: name, args, ...where });
  const { exitCode, stdout, detail } = await run(['version', '-json'], at);
  if (exitCode === undefined && /ENOENT/.test(detail)) {
    return undefined;
  }
  try {
    return {
      name,
      version: v.parse(versionSchema, jsonIn(stdout)).terraform_version,
      run,
    };
  } catch {
    throw new Error(
      `${name} is on the PATH, but "${name} version -json" does not say its version. Expected version 1.0 or newer.`,
    );
  }
}
