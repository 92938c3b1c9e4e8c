import { type InfraConfig, type RootSettings, readInfraConfig } from '../../infra/config/infra-config.js';
import { environmentsOf as allEnvironments, environmentsOfRoot } from '../../infra/config/infra-policy.js';
import type { InfraEnvironment } from '../../infra/config/infra-rules.js';
import { affectedRoots, rootsOfPaths } from '../../infra/roots/affected-roots.js';
import { findRoots, type Root, type Roots } from '../../infra/roots/find-roots.js';
import { type InfraFiles, isConfiguration } from '../../infra/roots/module-tree.js';
import { isReplanFile } from '../../infra/roots/replan-file.js';
import { resolvedLinks } from '../../infra/roots/resolved-links.js';
import { HOLDS_FILE, type Hold, readHolds } from '../policy/holds.js';
import { assignedByPolicy, isFree } from '../policy/path-policy.js';
import { NO_POLICY, POLICY_FILE, type Policy } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import { problemOf } from '../tree/problem-of.js';
import { isDeciding, losingHolds, type PathOwners } from './assign-paths.js';
import type { ChangeFacts } from './change-facts.js';
import { type ChangedRoot, LOSSES, rootUnit } from './changed-root.js';
import type { RepositoryChange, RepositorySide } from './repository-change.js';
import { sideFiles } from './side-files.js';

/** The names of what judges. */
interface Units {
  /** Environments that have rules, or that a root names. */
  environments: readonly string[];
  /** All who judge, environments first. */
  all: readonly string[];
}

/** What is read of both sides. */
interface Sides {
  before: Roots;
  after: Roots;
  changed: readonly string[];
}

/**
 * What a change comes to in an infra repository: which roots it reaches, and by that whose rules judge it. Rules are those of the side
 * before it. Nothing runs, so what a root loses is told by its plan alone (`withPlans`).
 *
 * @throws ConfigError where the policy or the holds in force cannot be read
 */
export async function inspectInfra({ base, head, changed }: RepositoryChange): Promise<ChangeFacts> {
  const [text, next] = await Promise.all([base.tree.read(POLICY_FILE), head.tree.read(POLICY_FILE)]);
  const config = readInfraConfig(text);
  const currentHolds = readHolds(await base.tree.read(HOLDS_FILE));
  const after = attempted(() => readInfraConfig(next), POLICY_FILE);
  const holds = await holdsAfter(head);
  const [old, now] = await Promise.all([infraFiles(base), infraFiles(head)]);
  const sides = {
    before: findRoots(old, config),
    after: findRoots(now, after.value ?? config),
    changed: [...changed].sort(),
  };
  const reached = reachedRoots(sides);
  const units = unitsOf(config, reached);
  const roots = reached.map((name) => changedRoot(name, config));
  const paths = sides.changed.length === 0 ? [] : pathsOf(sides, config, units, currentHolds, holds.value);
  const problems = [...after.problems, ...holds.problems];
  const hidden = roots.length > 0 && after.value !== undefined ? statefulProblems(config, after.value) : [];
  return {
    policy: policyOf(config, units),
    layout: { templates: [] },
    environments: units.all,
    assignment: { paths, reach: new Map(), before: sideFiles(base), after: sideFiles(head), unread: [] },
    ruled: ruledBy(config, after.value, units.environments),
    ...{ held: [], currentHolds, holds: holds.value ?? [] },
    problems: new Map(units.all.map((unit) => [unit, unit.startsWith('root ') ? [...problems, ...hidden] : problems])),
    notes: [],
    changedRoots: { roots, losses: config.rules.losses },
  };
}

/** A value, or why there is none. */
function attempted<T>(read: () => T, file: string): { value: T | undefined; problems: Problem[] } {
  try {
    return { value: read(), problems: [] };
  } catch (error) {
    return { value: undefined, problems: [problemOf(error, file)] };
  }
}

async function holdsAfter({ tree }: RepositorySide): Promise<{ value: Hold[] | undefined; problems: Problem[] }> {
  const text = await tree.read(HOLDS_FILE);
  return attempted(() => readHolds(text), HOLDS_FILE);
}

/** What the sides before changes are made of: of many pull requests, it is the same one. */
const known = new WeakMap<RepositorySide, Promise<InfraFiles>>();

/** What roots are told by, of one side of a change. */
function infraFiles(side: RepositorySide): Promise<InfraFiles> {
  const reading = known.get(side) ?? readFiles(side);
  known.set(side, reading);
  return reading;
}

async function readFiles({ tree, paths, links = [], linkText }: RepositorySide): Promise<InfraFiles> {
  const targets = await Promise.all(links.map(async (path) => [path, await linkText?.(path)] as const));
  const resolved = resolvedLinks(
    new Map(targets.flatMap(([path, target]) => (target === undefined ? [] : [[path, target]]))),
  );
  const isLink = new Set(links);
  const there = new Set(paths.filter((path) => !isLink.has(path)));
  const texts = await Promise.all(
    paths.filter(isConfiguration).map(async (path) => {
      const file = resolved.get(path) ?? path;
      return [path, there.has(file) ? await tree.read(file) : undefined] as const;
    }),
  );
  return {
    ...{ paths, links: resolved },
    texts: new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]))),
  };
}

/** Names of the roots that a change reaches, deleted ones among them. */
function reachedRoots({ before, after, changed }: Sides): string[] {
  const { roots, deleted } = affectedRoots(before, after, changed);
  return [...new Set([...roots.map(({ root }) => root.name), ...deleted.map(({ name }) => name)])];
}

/** The settings in force of a root; `undefined` for one that is new, or that `ostack.yaml` does not name. */
function settingsOf({ roots }: InfraConfig, name: string): RootSettings | undefined {
  return roots.find((root) => root.name === name);
}

function unitsOf(config: InfraConfig, reached: readonly string[]): Units {
  const { rules, roots } = config;
  const environments = allEnvironments(config);
  const guarded = roots.filter(({ approvers }) => approvers.length > 0).map(({ name }) => name);
  const judged = [...new Set([...reached, ...guarded])].map(rootUnit);
  const named = rules.losses !== undefined && rules.losses !== 'nobody';
  return { environments, all: [...environments, ...judged, ...(named ? [LOSSES] : [])] };
}

function environmentsOf(name: string, config: InfraConfig): readonly string[] {
  return environmentsOfRoot(settingsOf(config, name)?.environment, config);
}

function changedRoot(name: string, config: InfraConfig): ChangedRoot {
  const environments = environmentsOf(name, config);
  const own = settingsOf(config, name)?.approvers ?? [];
  const theirs = config.rules.environments.filter((each) => environments.includes(each.name));
  return {
    name,
    environments,
    isApproved: [own, ...theirs.map(({ approvers }) => approvers)].some((all) => all.length > 0),
  };
}

/** What keeps changes out of an infra repository, as the policy of environments: who judges a root, or losses, is one with approvers alone. */
export function infraPolicy(config: InfraConfig): Policy {
  return policyOf(config, unitsOf(config, []));
}

/** The rules as those of environments: what judges a root, or losses, is one with approvers alone. */
function policyOf(config: InfraConfig, { all }: Units): Policy {
  const { environments, losses, free, paths } = config.rules;
  const named = config.roots.map(({ name, approvers, approvals }) => ({ name: rootUnit(name), approvers, approvals }));
  const lost = losses === undefined || losses === 'nobody' ? [] : [{ name: LOSSES, ...losses }];
  const rules: readonly Partial<InfraEnvironment>[] = [...environments, ...named, ...lost];
  return {
    ...{ ...NO_POLICY, free, paths },
    environments: all.map((name) => {
      const { freeze = [], approvers = [], approvals = 1 } = rules.find((each) => each.name === name) ?? {};
      return { name, after: [], soakMs: 0, cd: false, freeze: [...freeze], approvers: [...approvers], approvals };
    }),
  };
}

function pathsOf(
  { before, after, changed }: Sides,
  config: InfraConfig,
  units: Units,
  currentHolds: readonly Hold[],
  holds: readonly Hold[] | undefined,
): PathOwners[] {
  const [then, now] = [rootsOfPaths(before, changed), rootsOfPaths(after, changed)];
  return changed.map((path) => {
    if (path === HOLDS_FILE && holds !== undefined) {
      return { path, environments: losingHolds(currentHolds, holds, units.all), reason: 'holds roots' };
    }
    const roots = [...(then.get(path) ?? []), ...(now.get(path) ?? [])];
    // What only asks for a plan of a root decides nothing else.
    if (isDeciding(path) && !(isReplanFile(path) && roots.length > 0)) {
      return { path, environments: units.all, reason: 'decides what may be merged' };
    }
    const named = assignedByPolicy(config.rules, path);
    if (roots.length + named.length > 0) {
      const owners = [...named, ...roots.flatMap((root) => ownersOf(root, config))];
      const reason =
        roots.length === 0
          ? 'is of its environment'
          : `is of ${[...new Set(roots.map(({ name }) => name))].join(', ')}`;
      return { path, environments: units.all.filter((unit) => owners.includes(unit)), reason };
    }
    return isFree(config.rules, path)
      ? { path, environments: [], reason: 'changes nothing' }
      : { path, environments: units.environments, reason: 'may be of any environment, because no root takes it in' };
  });
}

function ownersOf({ name }: Root, config: InfraConfig): string[] {
  return [rootUnit(name), ...environmentsOf(name, config)];
}

/** Environments whose own rules change; all where nobody can read the new ones. */
function ruledBy(before: InfraConfig, after: InfraConfig | undefined, environments: readonly string[]): Set<string> {
  const rules = ({ rules: { environments: all } }: InfraConfig, name: string) =>
    JSON.stringify(all.find((each) => each.name === name));
  return new Set(environments.filter((name) => after === undefined || rules(before, name) !== rules(after, name)));
}

/** What counts as a loss is told by the side after the change: with roots in the same change, it would hide its own losses. */
function statefulProblems({ stateful }: InfraConfig, after: InfraConfig): Problem[] {
  return JSON.stringify(stateful) === JSON.stringify(after.stateful)
    ? []
    : [
        {
          ...{ level: 'error', file: POLICY_FILE, line: undefined },
          message:
            'It changes "stateful" of ostack.yaml, which says what is a loss, together with roots: change it in a pull request of its own.',
        },
      ];
}
