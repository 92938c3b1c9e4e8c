import { attack as addsAnApplication } from './argocd/adds-an-application.js';
import { attack as callsAClusterByItsAddress } from './argocd/calls-a-cluster-by-its-address.js';
import { attack as changesValues } from './argocd/changes-values.js';
import { attack as deploysAnotherPath } from './argocd/deploys-another-path.js';
import { attack as deploysStagingToProduction } from './argocd/deploys-staging-to-production.js';
import { attack as followsAnotherBranch } from './argocd/follows-another-branch.js';
import { attack as overridesTheImage } from './argocd/overrides-the-image.js';
import { attack as sendsPreviewsToTheClusterOfProduction } from './argocd/sends-previews-to-the-cluster-of-production.js';
import { ARGO_CD } from './support/argocd.js';
import { tryAll } from './support/proposals.js';

tryAll('argocd', ARGO_CD, {
  'adds-an-application': addsAnApplication,
  'calls-a-cluster-by-its-address': callsAClusterByItsAddress,
  'changes-values': changesValues,
  'deploys-another-path': deploysAnotherPath,
  'deploys-staging-to-production': deploysStagingToProduction,
  'follows-another-branch': followsAnotherBranch,
  'overrides-the-image': overridesTheImage,
  'sends-previews-to-the-cluster-of-production': sendsPreviewsToTheClusterOfProduction,
});
