import * as core from '@actions/core';
import { opsRepository } from '../../apps/config.js';
import type { Release } from '../../release/release.js';
import { code, details, link, plain, quoted, table } from '../../report/markdown.js';
import { writeSummary } from '../../report/summary.js';
import { info } from '../../runtime/log.js';
import { packed } from '../../runtime/packed.js';
import type { Inputs } from './inputs.js';
import type { Outcome } from './release-apps.js';
import type { Repository } from './repository.js';

/** Largest list of releases as plain JSON, in bytes: notes are cut first, then the list is packed. */
const OUTPUT_BYTES = 100 * 1024;

/** Most apps without a release that the summary lists; more are counted. */
const MOST_QUIET_ROWS = 20;

/** Sets the outputs and writes the job summary and the log. */
export async function report(repository: Repository, inputs: Inputs, outcomes: readonly Outcome[]): Promise<void> {
  const releases = outcomes.map(({ release }) => release).filter((release) => release !== undefined);
  core.setOutput('releases', packed(fitting(releases)));
  core.setOutput('apps', packed(releases.map(({ app }) => app)));
  core.setOutput('released', String(releases.length > 0));
  core.setOutput('ops-repository', opsRepository(repository.config, repository.name));
  const [only, ...others] = releases;
  if (only !== undefined && others.length === 0) {
    core.setOutput('version', only.version);
    core.setOutput('tag', only.tag);
  }
  for (const outcome of outcomes) {
    info(`${outcome.plan.app.name}: ${sentence(outcome, inputs)}`);
  }
  await writeSummary(summary(repository, inputs, outcomes));
}

/** The releases with their notes cut so that all fit into the output. */
export function fitting(releases: readonly Release[]): Release[] {
  const size = (text: string) => Buffer.byteLength(JSON.stringify(text));
  const bare = releases.map((release) => ({ ...release, notes: '' }));
  let left = OUTPUT_BYTES - Buffer.byteLength(JSON.stringify(bare));
  const shortestFirst = [...releases.keys()].sort(
    (a, b) => size(releases[a]?.notes ?? '') - size(releases[b]?.notes ?? ''),
  );
  for (const [rank, index] of shortestFirst.entries()) {
    const [release, target] = [releases[index], bare[index]];
    const share = Math.max(0, Math.floor(left / (releases.length - rank)));
    if (release !== undefined && target !== undefined) {
      target.notes = size(release.notes) <= share ? release.notes : cutNotes(release, share);
      left -= size(target.notes);
    }
  }
  return bare;
}

function cutNotes({ notes, url }: Release, bytes: number): string {
  const rest = url === '' ? '' : `\n\n${link('All notes', url)}`;
  let end = notes.lastIndexOf('\n', bytes);
  while (end > 0 && Buffer.byteLength(JSON.stringify(notes.slice(0, end) + rest)) > bytes) {
    end = notes.lastIndexOf('\n', Math.min(end - 1, end * 0.9));
  }
  return end > 0 ? notes.slice(0, end) + rest : '';
}

function summary(repository: Repository, inputs: Inputs, outcomes: readonly Outcome[]): string {
  const loud = outcomes.filter(
    ({ plan, release, overtaken }) =>
      release !== undefined || overtaken !== undefined || plan.kind === 'late' || plan.kind === 'blocked',
  );
  const quiet = outcomes.filter((outcome) => !loud.includes(outcome));
  const shown = [...loud, ...(quiet.length > MOST_QUIET_ROWS ? [] : quiet)];
  const commit = link(repository.head.slice(0, 7), `${repository.url}/commit/${repository.head}`);
  const title = inputs.dryRun ? 'Releases (dry run: nothing was written)' : 'Releases';
  return [
    `## ${title}`,
    `What ${commit} brings:`,
    ...(shown.length === 0
      ? []
      : [
          table(
            ['app', 'release', 'what happened'],
            shown.map((outcome) => row(outcome, inputs)),
          ),
        ]),
    ...(quiet.length > MOST_QUIET_ROWS ? [`${quiet.length} more apps have nothing to release.`] : []),
    ...repository.unseen.map(plain),
    ...outcomes.flatMap(({ release }) =>
      release === undefined || release.notes === ''
        ? []
        : [details(`${release.tag}: notes`, quoted(release.notes, repository.url))],
    ),
    '',
  ].join('\n\n');
}

function row(outcome: Outcome, inputs: Inputs): string[] {
  const { plan, release } = outcome;
  const name = release === undefined ? '—' : release.url === '' ? code(release.tag) : link(release.tag, release.url);
  return [plain(plan.app.name), name, plain(sentence(outcome, inputs))];
}

/** A sentence about one app. */
function sentence({ plan, release, overtaken }: Outcome, inputs: Inputs): string {
  if (overtaken !== undefined) {
    return `${overtaken}.`;
  }
  switch (plan.kind) {
    case 'release': {
      const since =
        plan.previous === undefined ? 'the first release' : `${plan.level} release after ${plan.previous.name}`;
      const verb = inputs.dryRun
        ? 'would be released:'
        : release?.created === false
          ? 'was released by another run:'
          : 'released:';
      return `${plan.version} ${verb} ${since}, ${count(plan.changes.length)}.`;
    }
    case 'released':
      return `${plan.tag.version} is already the release of this commit.`;
    case 'late':
      return `no release: ${plan.newest.name} is newer than this commit and contains it.`;
    case 'blocked':
      return plan.why;
    case 'unchanged':
      return unchanged(plan, release !== undefined);
  }
}

function unchanged(
  { last, ignored, undone }: Extract<Outcome['plan'], { kind: 'unchanged' }>,
  pending: boolean,
): string {
  const since = `since ${last?.name ?? 'the beginning'}`;
  const why = undone
    ? `nothing to release ${since}, what was changed has been taken back`
    : ignored === 0
      ? `nothing new ${since}`
      : `nothing to release ${since}, only ${count(ignored)} of the kinds that need none`;
  return pending ? `${why}; its delivery is not finished, so it is tried again.` : `${why}.`;
}

function count(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}
