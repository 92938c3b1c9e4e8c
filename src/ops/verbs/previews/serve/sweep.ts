import { parseRepository } from '../../../../github/context.js';
import { previewSources } from '../../../policy/preview-sources.js';
import { readRecords } from '../../../preview-records/read-records.js';
import type { PreviewRequest } from '../ask/request-record.js';
import type { OpsSnapshot } from '../run/commit.js';
import { commitMessage } from '../run/commit-message.js';
import { listOrWarn, repositoriesOf } from '../run/list-repositories.js';
import type { PreviewRun } from '../run/preview-run.js';
import { askersOf } from './askers.js';
import { askedIn, lostOfForks } from './lost-of-forks.js';
import { lostRequests, MOST_LOST } from './lost-requests.js';
import { SERVE } from './serve-request.js';
import type { Serving } from './serving.js';

/**
 * Plans a run that looks through all previews, whichever apps repository they belong to, and finds requests that were lost.
 *
 * @returns the run, and after it has been made, what was asked for in vain
 */
export function sweep({ ops, appsGitHub: github, context, dryRun }: Serving): {
  run: PreviewRun;
  lost: () => Promise<PreviewRequest[]>;
} {
  let lost = async (): Promise<PreviewRequest[]> => [];
  return {
    lost: () => lost(),
    run: {
      ...{ ops, dryRun, apps: () => undefined, own: undefined, wait: undefined },
      ...{ serverUrl: context.serverUrl, runUrl: context.runUrl },
      async request(snapshot) {
        const [withRecords, { records }] = await Promise.all([repositoriesOf(snapshot), readRecords(snapshot.tree)]);
        const names = new Map(
          [...withRecords, ...sourcesOf(snapshot)].map((each) => [`${each.owner}/${each.name}`.toLowerCase(), each]),
        );
        const found = await Promise.all(
          [...names.values()].map(async (repository) => {
            const apps = { github, repository };
            const [list, askers] = await Promise.all([listOrWarn(apps), askersOf(apps, new Date())]);
            return list === undefined ? [] : [{ apps, list, askers }];
          }),
        );
        const lists = found.flat();
        lost = async () => {
          const own = lists.flatMap(({ list, askers }) => lostRequests(list, askers, records));
          const ofForks = lists.map((each) => lostOfForks(each, records, snapshot.previews.forks, askedIn(each.apps)));
          return [...own, ...(await Promise.all(ofForks)).flat()].slice(0, MOST_LOST);
        };
        return { pullRequests: lists.map(({ list }) => list) };
      },
      message: ({ decisions }) => commitMessage({ action: SERVE, own: undefined, runUrl: context.runUrl }, decisions),
    },
  };
}

function sourcesOf({ policy }: OpsSnapshot) {
  return previewSources(policy).map((name) => parseRepository(name, 'The policy'));
}
