import { cutMarkdown } from '../../../report/cut.js';
import { link } from '../../../report/markdown.js';
import { BUMP } from '../../ledger/action-names.js';
import { formatTrailers } from '../../ledger/trailers.js';
import { BODY_LIMIT, bytesAround, withBlock } from '../../pull-requests/block.js';
import { withoutHeldNote } from '../../releases/held-note.js';
import { type PublishedRelease, reachBackTo, releasesBetween } from '../../releases/releases-between.js';
import type { CommitMessage } from '../../tree/change.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import { type OtherEnvironment, renderStory } from './body.js';
import type { BumpRequest } from './request.js';
import { keyOf, type Survey, titleOf, type Unit } from './unit.js';

/** The commit's words: the title, and the trailers that make the history a ledger. */
export function messageOf(unit: Unit, request: BumpRequest): CommitMessage {
  const { target, environment } = unit;
  const trailers = formatTrailers({
    action: BUMP,
    environment,
    app: target.app,
    version: target.version,
    images: target.images.map(
      ({ repository, tag, digest }) => `${repository}:${tag}${digest === undefined ? '' : `@${digest}`}`,
    ),
    source: `${target.source.repository}@${target.source.sha}`,
    run: request.runUrl === '' ? undefined : request.runUrl,
  });
  return { headline: titleOf(unit), body: trailers };
}

export interface Surroundings {
  request: BumpRequest;
  /** `undefined` where they could not be read. */
  releases: readonly PublishedRelease[] | undefined;
  /** Surveys of the same app in all environments. */
  surveys: readonly Survey[];
  /** `owner/name` of the ops repository. */
  repository: string;
  merges: boolean;
}

/** The pull request's text: our block in the text that is there. */
export function bodyOf(survey: Survey, around: Surroundings): string {
  const { unit, plan, open } = survey;
  const { request, releases, surveys, repository, merges } = around;
  const { target, environment } = unit;
  // Where there is a hold nothing is written, so what tells of one is over.
  const existing = withoutHeldNote(open?.body ?? '');
  const limit = BODY_LIMIT - bytesAround('bump', existing) - Buffer.byteLength(encodeURIComponent(keyOf(unit))) - 128;
  const previous = plan?.previous ?? null;
  const content = renderStory(
    {
      app: target.app,
      environment,
      version: target.version,
      previous,
      images: target.images,
      releases: notesFor(survey, releases),
      olderReleasesUrl: reachBackTo(previous, releases ?? [], unit.nameInApps, target.release?.tag)
        ? undefined
        : `${request.serverUrl}/${target.source.repository}/releases`,
      source: {
        ...target.source,
        commitUrl: `${request.serverUrl}/${target.source.repository}/commit/${target.source.sha}`,
        runUrl: request.runUrl,
      },
      diff: plan === undefined ? '' : unifiedDiff(plan.before, plan.change),
      others: surveys.filter((other) => other.unit !== unit).flatMap((other) => otherOf(other, request, repository)),
      merges,
    },
    limit,
  );
  return withBlock('bump', existing, keyOf(unit), cutMarkdown(content, limit));
}

function notesFor({ unit, plan }: Survey, releases: readonly PublishedRelease[] | undefined) {
  const { version, release } = unit.target;
  const known = release === undefined ? [] : [release];
  const listed = releases ?? (release === undefined ? undefined : []);
  const all = [...known, ...(listed ?? []).filter(({ tag }) => tag !== release?.tag)];
  return listed === undefined
    ? undefined
    : releasesBetween(all, unit.nameInApps, plan?.previous ?? null, version, release?.tag).map(
        ({ tag, url, notes }) => ({
          version: tag,
          url,
          notes,
        }),
      );
}

function otherOf({ unit, plan, open }: Survey, request: BumpRequest, repository: string): OtherEnvironment[] {
  if (plan === undefined) {
    return [];
  }
  const query = `q=${encodeURIComponent(`is:pr is:open head:${unit.branch}`)}`;
  const waiting =
    open !== undefined
      ? link(`#${open.number}`, open.url)
      : plan.standing === 'change'
        ? link(unit.target.version, `${request.serverUrl}/${repository}/pulls?${query}`)
        : '';
  return [{ environment: unit.environment, version: plan.previous, waiting }];
}
