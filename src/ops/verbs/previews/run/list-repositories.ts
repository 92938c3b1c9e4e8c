import type { Connected } from '../../../../github/connected.js';
import { parseRepository, type RepositoryName } from '../../../../github/context.js';
import { logWarning } from '../../../../runtime/log.js';
import { readRecords } from '../../../preview-records/read-records.js';
import type { OpenPullRequests } from '../plan/open-pull-requests.js';
import { openPullRequestsIn, readAppsRepository } from './apps-repository.js';
import type { OpsSnapshot } from './commit.js';

/** The apps repositories that have previews, each once. */
export async function repositoriesOf({ tree }: OpsSnapshot): Promise<RepositoryName[]> {
  const { records } = await readRecords(tree);
  const names = new Map(records.map(({ repository }) => [repository.toLowerCase(), repository]));
  return [...names.values()].map((name) => parseRepository(name, 'A record of a preview'));
}

/** The open pull requests of a repository. Where they cannot be listed, its previews are removed only when they expire. */
export async function listOrWarn(apps: Connected): Promise<OpenPullRequests | undefined> {
  try {
    return openPullRequestsIn(apps, await readAppsRepository(apps));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logWarning(`${reason} Its previews are removed only when they expire.`);
    return undefined;
  }
}
