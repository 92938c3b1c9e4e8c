import { createHash } from 'node:crypto';
import { code, fenced, plain } from '../../../report/markdown.js';
import { deployedIn } from '../../carriers/deployed.js';
import { withNamedApps } from '../../layouts/named-apps.js';
import { OVERRIDE } from '../../ledger/action-names.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { ProposalReport } from '../../pull-requests/proposal.js';
import { proposeOne, type SingleProposalSettings } from '../../pull-requests/single-proposal.js';
import { type OverrideRequest, planOverride } from './plan.js';

/**
 * Gives one environment a patch of its own that is never promoted, in one pull request.
 *
 * @throws Error when the repository cannot be read or written
 */
export function override(settings: SingleProposalSettings, request: OverrideRequest): Promise<ProposalReport> {
  const { app, environment, intent, patch } = request;
  return proposeOne(settings, async ({ tree, policy, layout: located }) => {
    const layout = await withNamedApps(tree, located, policy, [environment], [app]);
    const overlay = await readOverlay(tree, layout, environment, app);
    return {
      verb: OVERRIDE,
      app,
      environment,
      layout,
      version: (overlay && deployedIn(overlay.files, app).version) ?? 'none',
      branch: `ostack-override/${environment}/${app}/${intent}`,
      title: `${app}: ${intent} of its own in ${environment}`,
      key: createHash('sha256').update(patch.trim()).digest('hex').slice(0, 16),
      plan: (at) => planOverride(at, layout, request),
      paragraphs: () => [
        `Gives **${plain(app)}** in **${plain(environment)}** this patch of its own, ${code(`_${intent}.yaml`)}:`,
        fenced('yaml', patch.trim()),
        'The leading `_` of its name says that it is never promoted.',
      ],
    };
  });
}
