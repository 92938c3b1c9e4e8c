/** What each of the two Apps is for, what it may, and under which names workflows find it. */

export type Role = 'ops' | 'proposer';
export const ROLES: readonly Role[] = ['ops', 'proposer'];

/** The Apps that a repository needs: nothing proposes changes of infrastructure. */
export function rolesOf({ isInfra }: { isInfra?: boolean }): readonly Role[] {
  return isInfra === true ? ['ops'] : ROLES;
}

/** Permissions by the names of GitHub's API: `pull_requests`. */
export type Permissions = Readonly<Record<string, 'read' | 'write' | 'admin'>>;

export interface AppRole {
  /** Continues "the …". */
  title: string;
  /** One sentence for the page and for GitHub's page of the App. */
  purpose: string;
  /** The most that it has, of the repositories it is installed on. */
  permissions: Permissions;
  secret: string;
  /** Variable with the client ID, which workflows ask for tokens with. */
  clientId: string;
  /** Variable with the App's name in addresses, by which this command finds it again. */
  slug: string;
  /** What its name ends in. */
  ending: string;
}

export const APP_ROLES: Readonly<Record<Role, AppRole>> = {
  ops: {
    title: 'ops App',
    purpose: 'Judges pull requests: it alone makes the check that the ruleset requires.',
    // No job asks for all of it: the gate reads and writes checks; the audit writes checks and issues, and takes what it needs
    // for a revert, contents and pull requests, only where there is one.
    permissions: {
      actions: 'read',
      checks: 'write',
      contents: 'write',
      issues: 'write',
      metadata: 'read',
      pull_requests: 'write',
      statuses: 'read',
    },
    secret: 'OSTACK_GATE_PRIVATE_KEY',
    clientId: 'OSTACK_GATE_CLIENT_ID',
    slug: 'OSTACK_GATE_SLUG',
    ending: 'gate',
  },
  proposer: {
    title: 'proposer',
    purpose: 'Opens pull requests: what it may merge is what the rules let it merge.',
    permissions: {
      contents: 'write',
      deployments: 'write',
      issues: 'write',
      metadata: 'read',
      pull_requests: 'write',
      statuses: 'read',
    },
    secret: 'OSTACK_APP_PRIVATE_KEY',
    clientId: 'OSTACK_APP_CLIENT_ID',
    slug: 'OSTACK_APP_SLUG',
    ending: 'proposer',
  },
};

/** The longest name that GitHub gives an App. */
const LONGEST_NAME = 34;

/** @returns a name for an App of this repository: `acme-ops-gate` */
export function appName(role: Role, repository: { owner: string; name: string }): string {
  const ending = `-${APP_ROLES[role].ending}`;
  const start = `${repository.owner}-${repository.name}`
    .slice(0, LONGEST_NAME - ending.length)
    .replace(/(?<!-)-+$/, '');
  return `${start}${ending}`;
}

/** The name of an App as it stands in addresses. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '');
}

const LEVELS = ['none', 'read', 'write', 'admin'];

/** @returns what `has` allows beyond `wanted`, in order: `administration: write` */
export function beyond(has: Permissions, wanted: Permissions): string[] {
  const level = (value: string | undefined) => LEVELS.indexOf(value ?? 'none');
  return Object.entries(has)
    .filter(([name, value]) => level(value) > level(wanted[name]))
    .map(([name, value]) => `${name.replaceAll('_', '-')}: ${value}`)
    .sort();
}

/** The part of an App's permissions that changes something. What is only read is a team's own affair (`members: read`). */
export function writing(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.entries(permissions).filter(([, value]) => value !== 'read'));
}
