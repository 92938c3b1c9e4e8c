import * as v from 'valibot';
import type { RunEvent } from '../../../../github/event.js';
import type { Image } from '../../../../images/image.js';
import type { PreviewRecord } from '../../../preview-records/record.js';

/** The pull request that an event is about. */
export interface EventPullRequest {
  number: number;
  /** Full id of its last commit when the event took place. */
  head: string;
}

const eventSchema = v.object({
  pull_request: v.object({ number: v.number(), head: v.object({ sha: v.string() }) }),
});

/** Reads the pull request of a `pull_request` or `pull_request_target` event, `undefined` for any other event. */
export function pullRequestOf({ payload }: RunEvent): EventPullRequest | undefined {
  const parsed = v.safeParse(eventSchema, payload);
  return parsed.success
    ? { number: parsed.output.pull_request.number, head: parsed.output.pull_request.head.sha }
    : undefined;
}

/** A run's own id for environments of runs: with its attempt where it is not the first. */
export function runSubject(runId: string, attempt: string | undefined): string {
  return attempt === undefined || attempt === '' || attempt === '1' ? runId : `${runId}-${attempt}`;
}

/**
 * What of an apps repository runs in a preview because it changed, by the names that the apps have in ops.
 *
 * @param images output of `build-push-image`
 * @param affected names of apps, some of which may have no image
 * @param nameInOps what the ops repository calls an app
 */
export function changedApps(
  images: readonly Image[],
  affected: readonly string[],
  nameInOps: (app: string) => string,
): PreviewRecord['apps'] {
  const names = [...new Set([...affected, ...images.map(({ app }) => app)])].sort();
  return names.map((app) => ({
    app: nameInOps(app),
    images: images
      .filter((image) => image.app === app)
      .map(({ image, repository, tag, digest }) => ({ image, repository, tag, digest })),
  }));
}
