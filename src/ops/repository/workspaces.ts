import { workspaceOfOps } from '../../apps/config.js';
import type { RepositoryName } from '../../github/context.js';
import type { Policy } from '../policy/policy.js';

/** Whose an ops repository is, and who else keeps apps in it. */
export interface Sharing {
  /** `owner/name` of the ops repository. */
  repository: string;
  /** The workspace it belongs to: as its policy says, else as its name does; `undefined` for the default one. */
  own: string | undefined;
  /** Whether the policy says so. A name alone may mean something else: `platform-ops`. */
  isSaid: boolean;
  /** Workspaces whose apps carry their name here: `growth-shop`. */
  guests: readonly string[];
  /** Their apps repositories, `owner/name` by workspace, where the policy says them. */
  repositories?: ReadonlyMap<string, string>;
}

/** How an ops repository is shared, by its policy and its name. */
export function sharingOf({ workspace, guests, guestRepositories }: Policy, { owner, name }: RepositoryName): Sharing {
  return {
    repository: `${owner}/${name}`,
    own: workspace ?? workspaceOfOps(name),
    isSaid: workspace !== undefined,
    guests,
    ...(guestRepositories === undefined ? {} : { repositories: guestRepositories }),
  };
}

/**
 * The workspace of an apps repository: as the ops repository says, where it says of whom a guest's apps are; else as it says itself.
 *
 * @param source `owner/name` of the apps repository
 * @param claimed the workspace that it, or its caller, says
 * @throws Error where it claims to be a guest that another repository is
 */
export function workspaceOfSource(
  source: string,
  claimed: string | undefined,
  { repositories = new Map(), repository }: Sharing,
): string | undefined {
  const known = [...repositories].find(([, name]) => name.toLowerCase() === source.toLowerCase());
  const owner = claimed === undefined ? undefined : repositories.get(claimed);
  if (known === undefined && owner !== undefined) {
    throw new Error(
      `${source} says that it is of the workspace ${claimed}, whose apps in ${repository} are those of ${owner} ("guests" in its ` +
        `ostack.yaml). Say another "workspace", or none, or have ${source} named there.`,
    );
  }
  return known?.[0] ?? claimed;
}

/** Whether an app's name alone does not tell whose it is. */
export function isShared({ isSaid, guests }: Sharing): boolean {
  return isSaid || guests.length > 0;
}

/**
 * The name that an app has in an ops repository: its own, with its workspace in front where the repository is another
 * workspace's. Different apps never get one name.
 *
 * @param app as its apps repository calls it
 * @param workspace of the apps repository, `undefined` for the default one
 * @throws Error when the ops repository does not know the workspace, or the name would be that of another workspace's app
 */
export function appInOps(app: string, workspace: string | undefined, sharing: Sharing): string {
  const { own, isSaid, guests, repository } = sharing;
  const isGuest = workspace !== undefined && workspace !== own;
  if (isGuest && !guests.includes(workspace)) {
    throw new Error(
      `${repository} has no apps of the workspace ${workspace}. To share it, add ${workspace} to "guests" in its ostack.yaml: ` +
        `apps are called ${workspace}-<app> there, so this one is ${workspace}-${app}. If it is the repository of ${workspace} ` +
        `alone, say "workspace: ${workspace}" there. Or name another one, with "ops" in ostack.yaml of the apps repository.`,
    );
  }
  if (workspace === undefined && own !== undefined && isSaid) {
    throw new Error(
      `${repository} belongs to the workspace ${own}, and the apps repository to none, so its ${app} would be taken for ` +
        `that of ${own}. Say "workspace" in ostack.yaml of the apps repository, or name another ops repository.`,
    );
  }
  const name = isGuest ? `${workspace}-${app}` : app;
  const taken = guestOf(name, guests);
  if (taken !== (isGuest ? workspace : undefined)) {
    throw new Error(
      `${app} would be ${name} in ${repository}, which is how ${appInApps(name, guests)} of its guest ${taken ?? ''} is called. ` +
        'Rename one of them.',
    );
  }
  return name;
}

/** The guest that an app belongs to by its name in ops, `undefined` for the repository's own apps. */
export function guestOf(app: string, guests: readonly string[]): string | undefined {
  return guests
    .filter((guest) => app.startsWith(`${guest}-`) && app.length > guest.length + 1)
    .sort((one, other) => other.length - one.length)[0];
}

/** What its apps repository calls an app, of its name in ops. */
export function appInApps(app: string, guests: readonly string[]): string {
  const guest = guestOf(app, guests);
  return guest === undefined ? app : app.slice(guest.length + 1);
}
