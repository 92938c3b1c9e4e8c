import type { Connected } from '../../github/connected.js';
import { deployedIn } from '../carriers/deployed.js';
import { readOverlay } from '../overlays/overlay.js';
import type { Patience } from '../pull-requests/options.js';
import type { Proposal } from '../pull-requests/proposal.js';
import { proposeByPlace } from '../pull-requests/propose-by-place.js';
import { NOBODY } from '../repository/repository-state.js';
import type { Snapshot } from '../repository/snapshot.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { branchOf, isBumpOf } from './release-pull-request.js';
import { type Superseded, supersededBy } from './superseded.js';

/** A pull request that was closed, with the reason that it was given. */
export interface ClosedPull extends Superseded {
  reason: string;
}

interface ClosingProposal extends Proposal {
  closes: ClosedPull;
}

/** Nothing is merged, so all that is waited for is another run that was faster. */
const PATIENCE: Patience = { timeoutMs: 0, pollMs: 500 };

/**
 * Closes the open pull requests of releases that propose what the branch of the environment has already, or something older: what
 * was promoted, for example. A pull request that people pushed to is left to them.
 *
 * @param warn takes a warning for each one that could not be closed
 * @param patience how long it waits, GitHub's pace by default
 * @returns those that were closed
 * @throws Error when the repository cannot be read or written
 */
export async function closeSuperseded(
  ops: Connected,
  appEnvironments: readonly AppEnvironment[],
  warn: (message: string) => void,
  patience = PATIENCE,
): Promise<ClosedPull[]> {
  const numbers = new Set<number>();
  const prepare = async (snapshot: Snapshot) => {
    const here = appEnvironments.filter(({ environment, app }) => snapshot.isHere(environment, app));
    const found = await Promise.all(here.map((each) => closingOf(snapshot, each)));
    const proposals = found.filter((proposal) => proposal !== undefined);
    for (const { closes } of proposals) {
      numbers.add(closes.number);
    }
    return proposals;
  };
  const options = {
    ...NOBODY,
    direct: false,
    dryRun: false,
    mergeMethod: undefined,
    patience,
    serverUrl: '',
  };
  const { results, failures, warnings } = await proposeByPlace<ClosingProposal>(
    ops,
    () => appEnvironments,
    prepare,
    options,
  );
  warnings.forEach(warn);
  const closed = results.flatMap(({ proposal, action }) => (action === 'closed' ? [proposal.closes] : []));
  if (failures.length > 0) {
    const left = [...numbers].filter((number) => closed.every((each) => each.number !== number));
    const why = failures.map(({ message }) => message).join(' ');
    warn(`Close ${left.map((number) => `#${number}`).join(', ')} by hand, for nothing new is proposed there: ${why}`);
  }
  return closed;
}

/** What closes the pull request of an app in an environment; `undefined` where there is none to close. */
async function closingOf(snapshot: Snapshot, appEnvironment: AppEnvironment): Promise<ClosingProposal | undefined> {
  const { environment, app } = appEnvironment;
  const branch = branchOf(environment, app);
  const [{ open }, overlay] = await Promise.all([
    snapshot.branch(branch),
    readOverlay(snapshot.tree, snapshot.layout, environment, app),
  ]);
  const held = overlay === undefined ? undefined : deployedIn(overlay.files, app);
  const deployed = held?.version ?? null;
  const superseded = supersededBy(open, appEnvironment, deployed, held?.chart);
  if (superseded === undefined || superseded.theirs) {
    return undefined;
  }
  const there = deployed === superseded.version ? `${deployed} already` : `${deployed}, which is newer`;
  const reason = `${environment} runs ${there}`;
  return {
    closes: { ...superseded, reason },
    verb: 'bump',
    subject: `${environment}/${app}`,
    branch,
    title: open?.title ?? '',
    key: '',
    plan: async () => ({ state: 'nothing', reason }),
    // The plan changes nothing, so there is no commit and no text.
    message: () => ({ headline: '', body: '' }),
    body: () => '',
    isOurs: (trailers) => isBumpOf(appEnvironment, { trailers }),
    labels: [],
    merges: false,
    mergeReason: '',
    judged: undefined,
  };
}
