import { BRANCHES } from './branches.js';
import { BUILDS } from './builds.js';
import { CARRIER_RULES } from './carriers.js';
import { CHARTS } from './charts.js';
import { DEFINITIONS } from './definitions.js';
import { DUE } from './due.js';
import { ELSEWHERE } from './elsewhere.js';
import { GATE_SETUP } from './gate-setup.js';
import { HIDDEN } from './hidden.js';
import { IMAGES } from './images.js';
import { INFRA } from './infra.js';
import { INFRA_APPLIES } from './infra-applies.js';
import { INFRA_REVIEWS } from './infra-reviews.js';
import { INFRA_ROOTS } from './infra-roots.js';
import { INFRA_SECRETS } from './infra-secrets.js';
import { INFRA_TOLD } from './infra-told.js';
import { JUDGEMENT } from './judgement.js';
import { LIVE } from './live.js';
import { MANIFEST_FILES } from './manifests.js';
import { MATERIALIZE } from './materialize.js';
import { MERGING } from './merging.js';
import type { Mutation } from './mutation.js';
import { NOTIFY } from './notify.js';
import { OUTSIDE } from './outside.js';
import { PAST_THE_GATE } from './past-the-gate.js';
import { PLACES } from './places.js';
import { PREVIEWS_APPS } from './previews-apps.js';
import { PREVIEWS_BRANCH } from './previews-branch.js';
import { PREVIEWS_CLOSED_IN } from './previews-closed-in.js';
import { PREVIEWS_COMMANDS } from './previews-commands.js';
import { PREVIEWS_PAST_RULES } from './previews-past-rules.js';
import { PREVIEWS_SERVED } from './previews-served.js';
import { PULL_REQUESTS } from './pull-requests.js';
import { RELEASES } from './releases.js';
import { REPORTS } from './reports.js';
import { RULES } from './rules.js';
import { SPACES } from './spaces.js';
import { STAGE } from './stage.js';
import { VERBS } from './verbs.js';
import { VERSIONS_THERE } from './versions-there.js';

/** Every rule that is broken on purpose. The first of each area is tried in CI. */
export const MUTATIONS: readonly Mutation[] = [
  ...RULES,
  ...PLACES,
  ...CHARTS,
  ...CARRIER_RULES,
  ...PULL_REQUESTS,
  ...MERGING,
  ...VERBS,
  ...VERSIONS_THERE,
  ...BUILDS,
  ...OUTSIDE,
  ...RELEASES,
  ...GATE_SETUP,
  ...JUDGEMENT,
  ...PAST_THE_GATE,
  ...ELSEWHERE,
  ...IMAGES,
  ...STAGE,
  ...DUE,
  ...PREVIEWS_BRANCH,
  ...PREVIEWS_SERVED,
  ...PREVIEWS_APPS,
  ...PREVIEWS_CLOSED_IN,
  ...PREVIEWS_PAST_RULES,
  ...PREVIEWS_COMMANDS,
  ...MANIFEST_FILES,
  ...MATERIALIZE,
  ...HIDDEN,
  ...BRANCHES,
  ...DEFINITIONS,
  ...NOTIFY,
  ...LIVE,
  ...REPORTS,
  ...SPACES,
  ...INFRA,
  ...INFRA_APPLIES,
  ...INFRA_REVIEWS,
  ...INFRA_ROOTS,
  ...INFRA_SECRETS,
  ...INFRA_TOLD,
];
