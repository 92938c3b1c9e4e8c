import { gitRoutes } from './git.js';
import { releaseRoutes } from './releases.js';
import { repositoryRoutes } from './repositories.js';
import type { Route } from './router.js';

/** Everything of GitHub's REST API that the local GitHub has. */
export const restRoutes: Route[] = [...repositoryRoutes, ...gitRoutes, ...releaseRoutes];
