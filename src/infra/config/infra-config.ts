import type * as v from 'valibot';
import { didYouMean } from '../../config/nearest.js';
import { type ConfigFile, readConfigFile } from '../../config/read-config.js';
import { type InfraRules, infraRulesOf } from './infra-rules.js';
import { infraSchema } from './infra-schema.js';

/** The file, at the root of the repository. */
export const INFRA_FILE = 'ostack.yaml';

/** The program that plans and applies. */
export type ToolName = 'tofu' | 'terraform';

/** What the file says of a root, with every default applied. */
export interface RootSettings {
  name: string;
  /** Its folder; the repository's own is `.`. */
  path: string;
  /** Names of roots that are applied before it. */
  after: readonly string[];
  approvers: readonly string[];
  /** How many of them have to approve; without meaning where there are none. */
  approvals: number;
  /** The environment of GitHub that its jobs run in, and whose rules it has. */
  environment: string | undefined;
  /** The workspace of the tool; `undefined` for the default one. */
  workspace: string | undefined;
  varFiles: readonly string[];
  backendConfig: readonly string[];
}

/** What infrastructure managers decided. */
export interface InfraConfig {
  tool: ToolName | undefined;
  /** Empty where the file names none: then they are found. */
  roots: readonly RootSettings[];
  /** Types of resources whose loss is said, or with `!` is none. */
  stateful: readonly string[];
  /** What may change what, and when. */
  rules: InfraRules;
  /** The workspace that the repository belongs to; `undefined` where the file does not say. */
  workspace: string | undefined;
  /** Settings of a root that the file does not name. */
  defaults(folder: string): RootSettings;
}

/**
 * Reads `ostack.yaml` of an infra repository.
 *
 * @param text its content; `undefined` where there is none
 * @throws ConfigError with file, line and what is wrong: an unknown key, an `after` that names no root, a cycle
 */
export function readInfraConfig(text: string | undefined): InfraConfig {
  const file = readConfigFile(infraSchema, text ?? '', INFRA_FILE);
  const { tool, roots, stateful, workspace } = file.value;
  const settings = Object.entries(roots).map(([name, root]) => settingsOf(name, root));
  refuseWrongOrder(file, settings);
  refuseSameState(file, settings);
  const rules = infraRulesOf(file);
  return { tool, roots: settings, stateful, rules, workspace, defaults: (folder) => settingsOf(folder, {}) };
}

type Written = v.InferOutput<typeof infraSchema>['roots'][string];

function settingsOf(name: string, written: Partial<Written>): RootSettings {
  const { path = name, after = [], approvers = [], approvals = 1, environment, workspace } = written;
  return {
    ...{ name, path, after: typeof after === 'string' ? [after] : after, approvers, approvals, environment, workspace },
    ...{ varFiles: written['var-files'] ?? [], backendConfig: written['backend-config'] ?? [] },
  };
}

function refuseWrongOrder(file: ConfigFile<unknown>, roots: readonly RootSettings[]): void {
  const byName = new Map(roots.map((root) => [root.name, root]));
  for (const { name, after } of roots) {
    const unknown = after.find((other) => !byName.has(other));
    if (unknown !== undefined) {
      const hint = didYouMean(unknown, [...byName.keys()]);
      throw file.error(['roots', name, 'after'], `expected a root of this file, found "${unknown}".${hint}`);
    }
    const cycle = cycleFrom(name, byName);
    if (cycle !== undefined) {
      throw file.error(['roots', name, 'after'], `expected an order, found a cycle: ${cycle.join(' after ')}.`);
    }
  }
}

/** The way from a root back to itself, over the roots before it. */
function cycleFrom(start: string, byName: ReadonlyMap<string, RootSettings>): string[] | undefined {
  const seen = new Set<string>();
  const ways: string[][] = [[start]];
  for (const way of ways) {
    for (const before of byName.get(way.at(-1) ?? '')?.after ?? []) {
      if (before === start) {
        return [...way, start];
      }
      if (!seen.has(before)) {
        seen.add(before);
        ways.push([...way, before]);
      }
    }
  }
  return undefined;
}

/** Two roots of one folder need what tells their states apart. */
function refuseSameState(file: ConfigFile<unknown>, roots: readonly RootSettings[]): void {
  const seen = new Map<string, string>();
  for (const { name, path, workspace = '', backendConfig } of roots) {
    const state = JSON.stringify([path, workspace, backendConfig]);
    const other = seen.get(state);
    if (other !== undefined) {
      throw file.error(
        ['roots', name],
        `it has the folder, workspace and backend-config of "${other}", so both would have one state. Expected another workspace or backend-config.`,
      );
    }
    seen.set(state, name);
  }
}
