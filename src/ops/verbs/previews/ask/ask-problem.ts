import type { Policy } from '../../../policy/policy.js';
import { previewPolicy } from '../../../policy/preview-policy.js';
import { sourceProblem } from '../../../policy/preview-sources.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { readAppSources } from '../manifests/app-overlay.js';
import { hostImages } from '../manifests/host-images.js';
import type { RequestedPreview } from '../plan/request.js';
import { imageProblem } from './image-problem.js';

/**
 * Why ops does not give an apps repository what it asks for, by the policy and the files of the deployed branch. Both sides ask this: the
 * one so that people are told at once, the other because it decides.
 *
 * @param repository `owner/name` of who asks
 * @param requested `undefined` where nothing is to be opened or updated
 * @returns sentences for people; `undefined` where nothing is against it
 * @throws whatever the tree throws
 */
export async function askProblem(
  { policy, tree }: { policy: Policy; tree: TreeReader },
  repository: string,
  requested: RequestedPreview | undefined,
): Promise<string | undefined> {
  const problem = sourceProblem(policy, repository);
  if (problem !== undefined || requested === undefined) {
    return problem;
  }
  const previews = previewPolicy(policy);
  const isFork = 'pullRequest' in requested.subject && requested.subject.fork === true;
  const space = isFork ? 'quarantine' : 'previews';
  const running =
    previews.images === undefined
      ? await hostImages(
          await readAppSources(tree, policy, previews),
          requested.apps.map(({ app }) => app),
        )
      : [];
  return imageProblem(requested.apps, { patterns: previews.images, running, space }, previews.host);
}
