import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

const previews = (cluster: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: previews, namespace: argocd }\nspec:\n  generators: [{ pullRequest: { github: { owner: acme, repo: apps } } }]\n  template:\n    metadata: { name: "pr-{{number}}" }\n    spec:\n      project: default\n      destination: { name: ${cluster}, namespace: "pr-{{number}}" }\n      source: { repoURL: https://github.com/acme/ops, targetRevision: main, path: overlays/staging/shop }\n`;

/** Previews, one for each open pull request, are made on the cluster of production. */
export const attack: Attack = {
  attack: { files: { 'argocd/previews.yaml': previews('production') } },
  refused: /production/,
  honest: { files: { 'argocd/previews.yaml': previews('staging') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
