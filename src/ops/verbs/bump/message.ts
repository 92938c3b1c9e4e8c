import { chartReference } from '../../carriers/chart-reference.js';
import { formatReference } from '../../carriers/image-reference.js';
import { BUMP } from '../../ledger/action-names.js';
import { formatTrailers } from '../../ledger/trailers.js';
import type { CommitMessage } from '../../tree/change.js';
import { type AppBump, titleOf } from './app-bump.js';
import type { BumpRequest } from './request.js';

/** The message of the commit: the title, and the trailers that make the history a ledger. */
export function messageOf(bump: AppBump, { runUrl }: Pick<BumpRequest, 'runUrl'>): CommitMessage {
  const { target, environment } = bump;
  const trailers = formatTrailers({
    action: BUMP,
    environment,
    app: target.app,
    version: target.version,
    images: target.images.map(({ repository: name, tag, digest }) => formatReference({ name, tag, digest })),
    charts: target.charts?.map(chartReference),
    source: `${target.source.repository}@${target.source.sha}`,
    run: runUrl === '' ? undefined : runUrl,
  });
  return { headline: titleOf(bump), body: trailers };
}
