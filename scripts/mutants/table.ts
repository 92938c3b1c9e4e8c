import { BUILDS } from './builds.js';
import { CHARTS } from './charts.js';
import type { Mutation } from './mutation.js';
import { OUTSIDE } from './outside.js';
import { PULL_REQUESTS } from './pull-requests.js';
import { RULES } from './rules.js';
import { VERBS } from './verbs.js';

/** Every rule that is broken on purpose. The first of each area is tried in CI. */
export const MUTATIONS: readonly Mutation[] = [...RULES, ...CHARTS, ...PULL_REQUESTS, ...VERBS, ...BUILDS, ...OUTSIDE];
