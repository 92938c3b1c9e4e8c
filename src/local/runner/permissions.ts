/**
 * Permissions of a job's `GITHUB_TOKEN`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
import { RunError } from './errors.js';
import { entries, type Node, text } from './tree.js';

export type Level = 'none' | 'read' | 'write';

/** Permission name, as the API writes it (`pull_requests`), to its level; what is absent is `none`. */
export type Permissions = Record<string, Level>;

const names = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
];

/** Permissions without any `permissions:`, GitHub's default for new repositories since 2023. */
export const defaultPermissions: Permissions = { contents: 'read', packages: 'read' };

const order: Record<Level, number> = { none: 0, read: 1, write: 2 };

/** Reads a `permissions:` node; `undefined` where there is none. */
export function readPermissions(node: Node | undefined): Permissions | undefined {
  if (node === undefined) {
    return undefined;
  }
  const all = text(node);
  if (all === 'read-all' || all === 'write-all') {
    const level = all === 'read-all' ? 'read' : 'write';
    return Object.fromEntries(names.map((name) => [apiName(name), level]));
  }
  const permissions: Permissions = {};
  for (const [name, value] of entries(node)) {
    const level = text(value);
    if (level === 'read' || level === 'write') {
      permissions[apiName(name)] = level;
    }
  }
  return permissions;
}

/** Permissions of a workflow from a fork: `write` becomes `read`, and there is no identity token, which knows only `write`. */
export function readOnly(permissions: Permissions): Permissions {
  const { id_token: _none, ...rest } = permissions;
  return Object.fromEntries(Object.entries(rest).map(([name, level]) => [name, level === 'write' ? 'read' : level]));
}

/**
 * Checks that a called workflow's job asks for no more than its caller has.
 *
 * @throws RunError with GitHub's message
 */
export function checkCeiling(requested: Permissions, ceiling: Permissions, job: string, caller: string): void {
  const beyond = Object.entries(requested).filter(([name, level]) => order[level] > order[ceiling[name] ?? 'none']);
  if (beyond.length > 0) {
    const list = (permission: (name: string, level: Level) => Level) =>
      beyond.map(([name, level]) => `${name.replaceAll('_', '-')}: ${permission(name, level)}`).join(', ');
    throw new RunError(
      `Error calling workflow '${caller}'. The nested job '${job}' is requesting '${list((_, level) => level)}', but is only allowed '${list((name) => ceiling[name] ?? 'none')}'.`,
    );
  }
}

function apiName(name: string): string {
  return name.replaceAll('-', '_');
}
