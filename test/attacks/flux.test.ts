import { attack as changesValuesOfARelease } from './flux/changes-values-of-a-release.js';
import { attack as deploysAnotherPath } from './flux/deploys-another-path.js';
import { attack as deploysIntoAnotherNamespace } from './flux/deploys-into-another-namespace.js';
import { attack as editsAProfile } from './flux/edits-a-profile.js';
import { attack as entersANamespaceOfProduction } from './flux/enters-a-namespace-of-production.js';
import { attack as followsAnotherBranch } from './flux/follows-another-branch.js';
import { attack as makesAnImageInATemplate } from './flux/makes-an-image-in-a-template.js';
import { attack as movesAChartOfNoApp } from './flux/moves-a-chart-of-no-app.js';
import { attack as patchesTheImage } from './flux/patches-the-image.js';
import { attack as sendsAPreviewToTheClusterOfProduction } from './flux/sends-a-preview-to-the-cluster-of-production.js';
import { attack as setsAnImage } from './flux/sets-an-image.js';
import { attack as substitutesAVariable } from './flux/substitutes-a-variable.js';
import { attack as takesAnotherSource } from './flux/takes-another-source.js';
import { attack as takesChartsFromElsewhere } from './flux/takes-charts-from-elsewhere.js';
import { FLUX } from './support/flux.js';
import { tryAll } from './support/proposals.js';

tryAll('flux', FLUX, {
  'changes-values-of-a-release': changesValuesOfARelease,
  'deploys-another-path': deploysAnotherPath,
  'deploys-into-another-namespace': deploysIntoAnotherNamespace,
  'edits-a-profile': editsAProfile,
  'enters-a-namespace-of-production': entersANamespaceOfProduction,
  'follows-another-branch': followsAnotherBranch,
  'makes-an-image-in-a-template': makesAnImageInATemplate,
  'moves-a-chart-of-no-app': movesAChartOfNoApp,
  'patches-the-image': patchesTheImage,
  'sets-an-image': setsAnImage,
  'substitutes-a-variable': substitutesAVariable,
  'takes-another-source': takesAnotherSource,
  'takes-charts-from-elsewhere': takesChartsFromElsewhere,
  'sends-a-preview-to-the-cluster-of-production': sendsAPreviewToTheClusterOfProduction,
});
