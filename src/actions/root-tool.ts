import type { ToolName } from '../infra/config/infra-config.js';
import { lockTexts } from '../infra/plan/plan-roots.js';
import type { Root } from '../infra/roots/find-roots.js';
import { findTool, type Tool } from '../infra/tool/tool.js';
import { type ToolEnvironment, toolEnvironment } from '../infra/tool/tool-environment.js';
import { cancellation } from '../runtime/cancellation.js';

/** What a step of the infra repository runs the tool with. */
export interface RootTool {
  tool: Tool;
  environment: ToolEnvironment;
  /** The root of the checkout. */
  checkout: string;
  signal: AbortSignal;
}

/** What says which tool it is, and what it gets. */
export interface RootToolSettings {
  /** By an input or by `ostack.yaml`. */
  named: ToolName | undefined;
  /** Whose lock files tell whose tool they are of. */
  roots: readonly Root[];
  /** Lines of `NAME=value` for the tool alone. */
  env: string | undefined;
  withIdentity: boolean;
  allowsPart: boolean;
}

/**
 * Finds the tool, and makes the environment that it gets. A cancelled run ends it.
 *
 * @throws Error for people: see `findTool` and `toolEnvironment`
 */
export async function rootTool(
  checkout: string,
  { named, roots, env, ...options }: RootToolSettings,
): Promise<RootTool> {
  const environment = toolEnvironment(process.env, env, options);
  const signal = cancellation();
  const locks = await lockTexts(
    checkout,
    roots.map(({ folder }) => folder),
  );
  const tool = await findTool(named, locks, { cwd: checkout, env: environment.env, signal });
  return { tool, environment, checkout, signal };
}
