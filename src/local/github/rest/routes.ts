import { actionRoutes } from './actions.js';
import { appRoutes } from './apps.js';
import { checkRoutes } from './checks.js';
import { commitRoutes } from './commits.js';
import { deploymentRoutes } from './deployments.js';
import { environmentRoutes } from './environments.js';
import { gitRoutes } from './git.js';
import { gitWriteRoutes } from './git-writes.js';
import { issueRoutes } from './issues.js';
import { packageRoutes } from './packages.js';
import { peopleRoutes } from './people.js';
import { pullRoutes } from './pulls.js';
import { releaseRoutes } from './releases.js';
import { repositoryRoutes } from './repositories.js';
import type { Route } from './router.js';
import { rulesetRoutes } from './rulesets.js';
import { runRoutes } from './runs.js';
import { secretRoutes } from './secrets.js';
import { settingRoutes } from './settings.js';

/** All REST endpoints of the local GitHub. */
export const restRoutes: Route[] = [
  ...repositoryRoutes,
  ...gitRoutes,
  ...gitWriteRoutes,
  ...commitRoutes,
  ...releaseRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...packageRoutes,
  ...peopleRoutes,
  ...checkRoutes,
  ...deploymentRoutes,
  ...actionRoutes,
  ...runRoutes,
  ...appRoutes,
  ...settingRoutes,
  ...rulesetRoutes,
  ...environmentRoutes,
  ...secretRoutes,
];
