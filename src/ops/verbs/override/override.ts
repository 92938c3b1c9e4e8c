import { createHash } from 'node:crypto';
import { code, fenced, plain } from '../../../report/markdown.js';
import { heldBy } from '../../carriers/held.js';
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
  return proposeOne(settings, async ({ tree, layout }) => {
    const overlay = await readOverlay(tree, layout, environment, app);
    return {
      verb: 'override',
      app,
      environment,
      version: (overlay && heldBy(overlay.files, app).version) ?? 'none',
      branch: `ostack-override/${environment}/${app}/${intent}`,
      title: `${app}: ${intent} of its own in ${environment}`,
      key: createHash('sha256').update(patch.trim()).digest('hex').slice(0, 16),
      plan: (at) => planOverride(at, layout, request),
      paragraphs: () => [
        `Gives **${plain(app)}** in **${plain(environment)}** this patch of its own, ${code(`_${intent}.yaml`)}:`,
        fenced('yaml', patch.trim()),
        'The leading `_` keeps it there: it is never promoted.',
      ],
    };
  });
}
