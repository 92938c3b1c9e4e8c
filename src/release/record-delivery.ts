import type { GitHub } from '../github/client.js';
import { parseRepository } from '../github/context.js';
import { attempt } from '../github/errors.js';
import { readFailure } from '../github/failure.js';
import { logWarning } from '../runtime/log.js';
import { type Delivery, withDelivery } from './delivery.js';

/**
 * Writes one delivery on the page of the release with this tag. Writing the same delivery again sends nothing.
 *
 * @param repository `owner/name` of the apps repository
 * @returns `false` when the tag has no release page
 * @throws Error with a sentence for people when the token may not write releases
 */
export async function recordDelivery(
  github: GitHub,
  { repository, tag, delivery }: { repository: string; tag: string; delivery: Delivery },
): Promise<boolean> {
  const { owner, name: repo } = parseRepository(repository, 'GITHUB_REPOSITORY');
  const reading = { doing: `read the release of ${tag}`, repository, permission: 'contents: write' };
  const page = await attempt(reading, () => findPage(github, { owner, repo, tag }));
  if (page === undefined) {
    logWarning(`The tag ${tag} has no release page, so its delivery is not recorded. tag-release makes the page.`);
    return false;
  }
  const body = withDelivery(page.body, delivery);
  if (body !== page.body) {
    await attempt({ doing: `record the delivery of ${tag}`, repository, permission: 'contents: write' }, () =>
      github.octokit.request('PATCH /repos/{owner}/{repo}/releases/{release_id}', {
        owner,
        repo,
        release_id: page.id,
        body,
      }),
    );
  }
  return true;
}

async function findPage(
  github: GitHub,
  { owner, repo, tag }: { owner: string; repo: string; tag: string },
): Promise<{ id: number; body: string } | undefined> {
  try {
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/releases/tags/{tag}', {
      owner,
      repo,
      tag,
    });
    return { id: data.id, body: data.body ?? '' };
  } catch (error) {
    if (readFailure(error)?.status === 404) {
      return undefined;
    }
    throw error;
  }
}
