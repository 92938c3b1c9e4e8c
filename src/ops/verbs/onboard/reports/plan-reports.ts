import { didYouMean } from '../../../../config/nearest.js';
import { objectsOf, watchedObjects } from '../../../live/watched-objects.js';
import { allEnvironments } from '../../../overlays/environments.js';
import type { Layout } from '../../../overlays/layout.js';
import type { Policy } from '../../../policy/policy.js';
import { apartFrom, type ReadyPolicy } from '../../../policy/ready-policy.js';
import { asRefusal } from '../../../pull-requests/as-refusal.js';
import type { Planned } from '../../../pull-requests/planned.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { argocdReports } from './argocd-reports.js';
import { fluxReports } from './flux-reports.js';
import { readyLines } from './ready-lines.js';
import { type Lines, nothing, type Reporting, together, type Written } from './reporting.js';

/** What is asked for. */
export type ReportsRequest = Pick<Reporting, 'environment' | 'login' | 'address'>;

/** A plan, with what its pull request says of it. */
export interface ReportsPlan {
  planned: Planned;
  written: Pick<Written, 'open' | 'advice' | 'secrets'>;
}

/**
 * Plans that an environment reports whether it is live: what Flux or Argo CD needs to post on the ops repository, beside the objects that
 * deploy it, and `ready` in `ostack.yaml`. No secret is written, and nothing that is there is changed. What could not be written is told
 * with the lines; where that is all, it is the plan's error.
 *
 * @throws what a failed request throws
 */
export async function planReports(
  tree: TreeReader,
  layout: Layout,
  policy: Policy,
  request: ReportsRequest,
): Promise<ReportsPlan> {
  let written = nothing();
  const planned = await asRefusal(async (): Promise<Planned> => {
    const reporting = await reportingOf(tree, layout, policy, request);
    written = together(await Promise.all([fluxReports(reporting), argocdReports(reporting), readyLines(reporting)]));
    const { files, before, open, advice } = written;
    if (files.size > 0) {
      return { state: 'change', change: { files }, before };
    }
    if (open.length > 0) {
      throw new Error(
        `What ${request.environment} needs to report is for a person to add. ${open.map(asText).join('\n')}`,
      );
    }
    const rest = advice[0] === undefined ? '' : `; ${advice[0].what.replace(/:$/, '')} (see docs/live.md)`;
    return { state: 'nothing', reason: `${request.environment} has all that it needs to report${rest}` };
  });
  return { planned, written };
}

/** Lines to paste, as an error says them. */
function asText({ what, lines }: Lines): string {
  return `${what}\n\n${lines}`;
}

async function reportingOf(
  tree: TreeReader,
  layout: Layout,
  policy: Policy,
  request: ReportsRequest,
): Promise<Reporting> {
  const { environment, login } = request;
  const known = await allEnvironments(tree, layout, policy);
  if (!known.includes(environment)) {
    throw new Error(
      `There is no environment "${environment}".${didYouMean(environment, known)} Known: ${known.join(', ') || 'none'}.`,
    );
  }
  const objects = objectsOf(layout, environment);
  if (objects.length === 0) {
    throw new Error(
      `No object of Flux or Argo CD in this repository tells what deploys ${environment}, so where it reports from is not known. ` +
        'Add what docs/live.md says where these objects are, and name the contexts that they report in under "ready" in ostack.yaml.',
    );
  }
  const creators = [login.toLowerCase()];
  const asked: ReadyPolicy = { from: undefined, creators, contexts: [], timeoutMs: 0, watcher: '' };
  const watched = watchedObjects(layout, environment, apartFrom(asked, policy.environments));
  const alike = new Map(
    watched.flatMap(({ name, alike: others = [] }) => (others.length === 0 ? [] : [[name, others]])),
  );
  const named = objects.flatMap(({ object, name }): [string, readonly string[]][] => {
    const others = object.startsWith('Kustomization/') ? alike.get(`kustomization/${name}`.toLowerCase()) : undefined;
    return others === undefined ? [] : [[name, others]];
  });
  return { tree, layout, policy, ...request, objects, alike: new Map(named) };
}
