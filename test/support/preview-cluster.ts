import type { PreviewCluster } from '../../src/ops/reconcilers/reconciler.js';

/** The cluster of staging, of which nothing is known but where its repository is. */
export const CLUSTER: PreviewCluster = {
  ...{ environment: 'staging', branch: 'ostack/previews', objects: [] },
  repositoryUrl: 'https://github.com/acme/ops',
};
