import { isBumpOf } from '../bump/situation.js';
import { branchOf } from '../bump/unit.js';
import { execute } from '../propose/execute.js';
import type { BranchView, Look } from '../propose/proposal.js';
import type { ProposeOptions } from '../propose/propose.js';
import type { Work } from '../propose/work.js';

/**
 * Closes the open pull requests of releases of apps that are held: they were opened before the hold came, and their runs
 * may be about to merge them. Whatever was closed so comes again with the first release after the hold.
 *
 * @throws Error explaining a refusal
 */
export async function closeReleases(
  look: Look,
  environment: string,
  apps: readonly string[],
  options: ProposeOptions,
): Promise<void> {
  const works = await Promise.all(
    apps.map(async (app) => closing(await look.branch(branchOf(environment, app)), environment, app)),
  );
  const open = works.flatMap((work) => work ?? []);
  const { github, repository } = look.ops;
  const { mergeMethod, patience } = options;
  const execution = { github, repository, opening: look.opening, people: options, mergeMethod, patience };
  await execute({ ...execution, noun: 'Releases', warn: look.warn, looksTwice: false }, open);
}

function closing({ head, open }: BranchView, environment: string, app: string): Work | undefined {
  if (open === undefined) {
    return undefined;
  }
  const reason = `${app} was rolled back in ${environment} and is held`;
  return {
    ...{
      branch: branchOf(environment, app),
      scratch: '',
      branchOid: head?.oid,
      open,
      title: open.title,
      body: open.body,
    },
    step: { do: 'close', reason },
    ...{ change: undefined, onTop: undefined, message: { headline: open.title, body: '' } },
    ...{ textStays: true, labels: [], merges: false, heldBack: '' },
    isOurs: (commit) => isBumpOf({ environment, app }, commit),
  };
}
