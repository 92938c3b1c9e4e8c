import { type AppsSettings, readSettings } from '../../apps/settings.js';
import { ConfigError } from '../../config/config-error.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { appInApps, appInOps, guestOf, isShared, type Sharing, workspaceOfSource } from '../repository/workspaces.js';
import { isReleaseOf, type PublishedRelease, publishedReleases } from './releases-between.js';

/** What an apps repository tells of itself. */
export interface AppsFacts {
  /** Its newest releases; `undefined` where they could not be read. */
  releases: readonly PublishedRelease[] | undefined;
  /** Where it belongs, or why that is not known. */
  settings: AppsSettings | Error;
}

/**
 * Asks an apps repository for its releases and for where it belongs: one request. Never rejects; releases that cannot be
 * read are a warning.
 */
export async function readAppsFacts(apps: Connected, warnings: string[]): Promise<AppsFacts> {
  const { github, repository } = apps;
  const reader = repositoryReader(github, repository, 'ReadReleases');
  const operation = { repository: nameOf(apps), permission: 'contents: read' };
  const [releases, settings] = await Promise.all([
    settled(attempt({ ...operation, doing: 'read the releases' }, () => publishedReleases(reader))),
    settled(attempt({ ...operation, doing: 'read ostack.yaml' }, () => readSettings(reader, repository))),
  ]);
  if (releases instanceof Error) {
    warnings.push(releases.message);
  }
  return { releases: releases instanceof Error ? undefined : releases, settings };
}

async function settled<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * The releases of an app that people know by its name in ops, where they are those of the apps repository that was asked.
 *
 * @returns `undefined` where they could not be read
 */
export function releasesOf(
  app: string,
  { releases, settings }: AppsFacts,
  { guests }: Sharing,
): readonly PublishedRelease[] | undefined {
  const workspace = settings instanceof Error ? undefined : settings.workspace;
  const guest = workspace !== undefined && guests.includes(workspace) ? workspace : undefined;
  return guestOf(app, guests) === guest
    ? releases?.filter(({ tag }) => isReleaseOf(tag, appInApps(app, guests)))
    : undefined;
}

/**
 * Says what an ops repository calls the apps of an apps repository.
 *
 * @param named the workspace that the caller named
 * @param settings where the apps repository belongs, `undefined` where nobody asked it
 * @param source `owner/name` of the apps repository
 * @throws Error when its settings are broken, or nothing tells its workspace and the ops repository is shared
 */
export function namesInOps(
  named: string | undefined,
  settings: AppsFacts['settings'] | undefined,
  sharing: Sharing,
  source: string,
): (app: string) => string {
  if (settings instanceof ConfigError) {
    throw settings;
  }
  const claimed = named ?? (settings === undefined || settings instanceof Error ? undefined : settings.workspace);
  const workspace = workspaceOfSource(source, claimed, sharing);
  if ((workspace ?? named) !== undefined || (settings !== undefined && !(settings instanceof Error))) {
    return (app) => appInOps(app, workspace, sharing);
  }
  if (isShared(sharing)) {
    throw new Error(
      `Workspaces share ${sharing.repository}, and nothing tells which one this repository belongs to. Give "apps-token" ` +
        `the permission "contents: read", or name it with the input "workspace".${settings === undefined ? '' : ` ${settings.message}`}`,
    );
  }
  return (app) => app;
}
