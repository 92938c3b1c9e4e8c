import { foldersOf, type ModuleTree } from '../roots/module-tree.js';
import type { PlannedChange } from './read-plan.js';
import { STATEFUL_TYPES } from './stateful-types.js';

/** A thing that a plan loses for good. */
export interface Loss {
  address: string;
  action: 'replace' | 'destroy';
  /** Whether it holds data, or is lost although it was protected by `prevent_destroy` before this change, or both. */
  why: 'stateful' | 'unprotected';
}

/** What tells whether a change is a loss. */
export interface LossRules {
  /** Types of the team, as `stateful` of `ostack.yaml` has them. */
  stateful: readonly string[];
  /** Whether a resource was protected where the change began. */
  wasProtected: (address: string) => boolean;
}

/** What a plan loses, in its order: what is destroyed or replaced, and holds data or was protected. */
export function lossesOf(changes: readonly PlannedChange[], { stateful, wasProtected }: LossRules): Loss[] {
  const isStateful = typeMatcher([...STATEFUL_TYPES, ...stateful]);
  return changes.flatMap(({ address, from, type, action }): Loss[] => {
    if (action !== 'replace' && action !== 'destroy') {
      return [];
    }
    if (wasProtected(from ?? address)) {
      return [{ address, action, why: 'unprotected' }];
    }
    return isStateful(type) ? [{ address, action, why: 'stateful' }] : [];
  });
}

/** Tells whether patterns take a type: the last one that fits decides, and one with `!` says no. */
export function typeMatcher(patterns: readonly string[]): (type: string) => boolean {
  const rules = patterns.map((pattern) => ({
    takes: !pattern.startsWith('!'),
    fits: fitter(pattern.replace(/^!/, '')),
  }));
  return (type) => rules.findLast(({ fits }) => fits(type))?.takes ?? false;
}

function fitter(pattern: string): (type: string) => boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  return (type) => {
    if (last === undefined) {
      return type === first;
    }
    if (!type.startsWith(first) || !type.endsWith(last) || type.length < first.length + last.length) {
      return false;
    }
    let [at, end] = [first.length, type.length - last.length];
    return others.every((part) => {
      const found = type.indexOf(part, at);
      at = found + part.length;
      return found >= 0 && at <= end;
    });
  };
}

/**
 * Which resources of a root are protected by `prevent_destroy`.
 *
 * @param tree the modules of the commit
 * @returns tells it of an address: `module.db["a"].aws_db_instance.main[0]`
 */
export function protectedIn(tree: ModuleTree, root: string): (address: string) => boolean {
  const found = new Set<string>();
  const folders = foldersOf(tree, root);
  const open: { folder: string; prefix: string; depth: number }[] = [{ folder: root, prefix: '', depth: 0 }];
  for (const { folder, prefix, depth } of open) {
    const module = tree.get(folder);
    for (const address of module?.files.flatMap(({ protects }) => protects) ?? []) {
      found.add(`${prefix}${address}`);
    }
    // Modules that call each other in a circle are refused by the tool.
    if (depth <= folders.size && open.length < MOST_CALLS) {
      open.push(
        ...(module?.calls ?? []).map((call) => ({
          folder: call.folder,
          prefix: `${prefix}module.${call.name}.`,
          depth: depth + 1,
        })),
      );
    }
  }
  return (address) => found.has(withoutKeys(address));
}

/** Most calls of modules that are followed. */
const MOST_CALLS = 10_000;

/** The type of a resource: of `module.db["a.b"].aws_db_instance.main[0]` it is `aws_db_instance`. */
export function typeOfAddress(address: string): string {
  return withoutKeys(address).split('.').at(-2) ?? '';
}

/** An address without the keys of `count` and `for_each`. */
export function withoutKeys(address: string): string {
  let [kept, quoted, open] = ['', false, 0];
  for (let at = 0; at < address.length; at++) {
    const sign = address[at] ?? '';
    if (open > 0 && quoted && sign === '\\') {
      at += 1;
    } else if (open > 0 && sign === '"') {
      quoted = !quoted;
    } else if (!quoted && (sign === '[' || sign === ']')) {
      open += sign === '[' ? 1 : -1;
    } else if (open === 0) {
      kept += sign;
    }
  }
  return kept;
}
