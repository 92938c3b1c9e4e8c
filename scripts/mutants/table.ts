import { CARRIER_RULES } from './carriers.js';
import { CHARTS } from './charts.js';
import type { Mutation } from './mutation.js';
import { OUTSIDE } from './outside.js';
import { PULL_REQUESTS } from './pull-requests.js';
import { RULES } from './rules.js';
import { VERBS } from './verbs.js';
import { VERSIONS_THERE } from './versions-there.js';

/** Every rule that is broken on purpose. The first of each area is tried in CI. */
export const MUTATIONS: readonly Mutation[] = [
  ...RULES,
  ...CARRIER_RULES,
  ...CHARTS,
  ...PULL_REQUESTS,
  ...VERBS,
  ...VERSIONS_THERE,
  ...OUTSIDE,
];
