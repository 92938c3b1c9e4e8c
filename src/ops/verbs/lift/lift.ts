import { plain } from '../../../report/markdown.js';
import { withClusters } from '../../layouts/named-apps.js';
import { LIFT } from '../../ledger/action-names.js';
import type { ProposalReport } from '../../pull-requests/proposal.js';
import { proposeOne, type SingleProposalSettings } from '../../pull-requests/single-proposal.js';
import { type LiftPlan, type LiftRequest, planLift } from './plan.js';

/**
 * Moves patches that every environment shares into the app's base, in one pull request.
 *
 * @throws Error when the repository cannot be read or written
 */
export function lift(settings: SingleProposalSettings, request: LiftRequest): Promise<ProposalReport> {
  const { app, intents } = request;
  return proposeOne(settings, async ({ tree, layout: located, policy }) => {
    const layout = await withClusters(tree, located, policy);
    // The proof renders every environment: once for the base, and again only on top of somebody's branch.
    const first: LiftPlan = await planLift(tree, layout, request);
    const lifted = first.lifted ?? [];
    const names = lifted.length > 0 ? lifted : intents;
    return {
      verb: LIFT,
      app,
      environment: 'base',
      environments: first.environments ?? [],
      version: 'none',
      branch: `ostack-lift/${app}`,
      title: `${app}: ${names.join(', ') || 'shared patches'} into the base`,
      key: names.join(' ') || 'none',
      changesNothing: true,
      plan: async (at) => (at === tree ? first : planLift(at, layout, request)),
      paragraphs: () => [
        `Moves the patches that every environment of **${plain(app)}** shares into its base: ${plain(names.join(', '))}.`,
        `Rendered before and after, nothing changes in ${plain((first.environments ?? []).join(', '))}.`,
      ],
    };
  });
}
