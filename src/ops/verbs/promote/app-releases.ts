import type { GitHub } from '../../../github/client.js';
import type { Connected } from '../../../github/connected.js';
import { parseRepository } from '../../../github/context.js';
import { isOfEachApp } from '../../policy/places.js';
import { type AppsFacts, readAppsFacts, releasesOf } from '../../releases/apps-facts.js';
import type { PublishedRelease } from '../../releases/releases-between.js';
import type { Sharing } from '../../repository/workspaces.js';

const SOURCE = 'Input "apps-repository"';

/** Where the releases of apps are. */
export interface AppsSource {
  github: GitHub;
  /** Repositories, `owner/name`, where `{app}` stands for the app; `undefined` where nobody said it. */
  repositories: readonly string[] | undefined;
  /** The one that is asked where nothing says another. */
  usual: string;
}

/** What a promotion is told of releases. */
export interface ReleasesAsked {
  app: string;
  /** Where the environment lives by the policy: with `{app}` in it, each app has its own. */
  ownRepository: string | undefined;
  sharing: Sharing;
}

/**
 * Finds the releases of apps, each repository asked once.
 *
 * @param warnings takes what could not be read, and whose releases nobody can tell apart
 * @returns for an app: its releases, none where it has none; `undefined` where they could not be read
 */
export function appReleases(
  { github, repositories, usual }: AppsSource,
  warnings: string[],
  read: (apps: Connected, warnings: string[]) => Promise<AppsFacts> = readAppsFacts,
): (asked: ReleasesAsked) => Promise<readonly PublishedRelease[] | undefined> {
  const known = new Map<string, Promise<AppsFacts>>();
  const factsOf = (name: string) => {
    const facts = known.get(name) ?? read({ github, repository: parseRepository(name, SOURCE) }, warnings);
    known.set(name, facts);
    return facts;
  };
  return async ({ app, ownRepository, sharing }) => {
    const own = ownRepository !== undefined && isOfEachApp(ownRepository) ? ownRepository : usual;
    const patterns = repositories ?? [own];
    const names = [...new Set(patterns.map((each) => each.replaceAll('{app}', app)))];
    const found = await Promise.all(
      names.map(async (name) => ({ name, releases: releasesOf(app, await factsOf(name), sharing) })),
    );
    const having = found.filter(({ releases }) => releases !== undefined && releases.length > 0);
    if (having.length > 1) {
      const all = having.map(({ name }) => name).join(' and ');
      warnings.push(
        `${all} have releases that may be of ${app}, so what it brings is not said. Let "apps-repository" name one, with {app} where each app has its own.`,
      );
      return undefined;
    }
    return (having[0] ?? found.find(({ releases }) => releases !== undefined))?.releases;
  };
}
