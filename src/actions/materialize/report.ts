import type { RunContext } from '../../github/context.js';
import type { MaterializedEnvironment } from '../../materialize/materialize.js';
import { code, details, link, plain, table } from '../../report/markdown.js';
import type { Materialized } from './run.js';

/** Whether something changes. */
export function changes({ environments, lockFiles }: Materialized): boolean {
  return lockFiles.length > 0 || environments.some(isChanged);
}

function isChanged({ change }: MaterializedEnvironment): boolean {
  return change.added.length + change.changed.length + change.removed.length > 0;
}

/** The job summary. */
export function materializeMarkdown(result: Materialized, dryRun: boolean, { serverUrl }: RunContext): string {
  const { environments, lockFiles, tools } = result;
  const rows = environments.map((each) => {
    const { environment, objects, change } = each;
    const counts = [change.added, change.changed, change.removed].map((paths) =>
      paths.length === 0 ? '' : `${paths.length}`,
    );
    return [`**${plain(environment)}**`, placeOf(each), `${objects}`, ...counts, becameOf(each, serverUrl)];
  });
  const versions = Object.entries(tools).map(([name, version]) => `${plain(name)} ${plain(version)}`);
  const notes = [...new Set(environments.flatMap((each) => each.notes))];
  const proposed = becameOfLocks(result);
  const parts = [
    `## Materialized${dryRun ? ' (dry run: nothing is written)' : ''}`,
    table(['environment', 'where', 'objects', 'added', 'changed', 'removed', ''], rows),
    ...lockFiles.map((file) => `${code(file)} changes: its remote parts are resolved anew.${proposed}`),
    ...(versions.length === 0 ? [] : [`Rendered by ${versions.join(' and ')}.`]),
    ...(notes.length === 0 ? [] : [details('Worth knowing', notes.map((note) => `- ${plain(note)}`).join('\n'))]),
  ];
  return parts.join('\n\n');
}

function becameOfLocks({ lockPullRequest: pull, lockMerge: { isMerged, said } }: Materialized): string {
  const number = pull === undefined ? '' : link(`#${pull.number}`, pull.url);
  if (number === '' || isMerged) {
    return number === '' ? '' : ` ${number} has brought it.`;
  }
  return ` ${number} proposes it${said === '' ? '' : `: ${plain(said)}`}.`;
}

function placeOf({ folder, branch }: MaterializedEnvironment): string {
  if (branch === undefined) {
    return folder === '' ? '' : code(folder);
  }
  return `${code(branch.branch)} of ${plain(branch.repository)}${folder === '' ? '' : `, ${code(folder)}`}`;
}

function becameOf({ branch }: MaterializedEnvironment, serverUrl: string): string {
  if (branch === undefined) {
    return '';
  }
  const { state, commit, repository, pullRequest } = branch;
  if (pullRequest !== undefined) {
    return `${state} in ${link(`#${pullRequest.number}`, pullRequest.url)}`;
  }
  return commit === undefined ? state : link(commit.slice(0, 7), `${serverUrl}/${repository}/commit/${commit}`);
}

/** The output `environments`. */
export function materializeJson({ environments }: Materialized): string {
  return JSON.stringify(
    environments.map(({ environment, folder, branch, objects, change, notes }) => ({
      ...{ environment, folder, objects },
      ...(branch !== undefined && {
        ...{ repository: branch.repository, branch: branch.branch, state: branch.state },
        ...{ commit: branch.commit, pullRequest: branch.pullRequest?.url },
      }),
      ...{ added: change.added, changed: change.changed, removed: change.removed, edited: change.edited, notes },
    })),
  );
}
