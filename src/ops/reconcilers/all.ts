import { argocd } from './argocd/argocd.js';
import { flux } from './flux/flux.js';
import type { Reconciler } from './reconciler.js';

/** All reconcilers. Where nothing in a cluster's folder shows which one is there, the first one is taken. */
export const RECONCILERS = [flux, argocd] as const satisfies readonly Reconciler[];

/** What the policy calls them. */
export type ReconcilerName = (typeof RECONCILERS)[number]['name'];

/** The names of all reconcilers, in the order of the list. */
export const RECONCILER_NAMES: readonly ReconcilerName[] = RECONCILERS.map(({ name }) => name);
