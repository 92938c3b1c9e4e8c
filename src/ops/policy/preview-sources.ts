import type { Policy } from './policy.js';

/**
 * The apps repositories that may ask for previews, where ops alone writes them: those of `previews.from`, else all that the policy
 * names as a guest's or as where images are built.
 *
 * @returns `owner/name`
 */
export function previewSources({ previews, guestRepositories, images = [], environments }: Policy): string[] {
  const rules = [...images, ...environments.flatMap((each) => each.images ?? [])];
  const named = [...(guestRepositories?.values() ?? []), ...rules.flatMap(({ builtBy }) => builtBy?.repository ?? [])];
  return previews?.from ?? [...new Map(named.map((name) => [name.toLowerCase(), name])).values()];
}

/**
 * Why an apps repository may not ask for previews.
 *
 * @param repository `owner/name`
 * @returns a sentence or two for people; `undefined` where it may
 */
export function sourceProblem(policy: Policy, repository: string): string | undefined {
  const sources = previewSources(policy);
  if (sources.some((each) => each.toLowerCase() === repository.toLowerCase())) {
    return undefined;
  }
  const host = policy.previews?.host ?? 'staging';
  return (
    `${repository} may ask for no preview: the policy names ${sources.join(', ') || 'no apps repository'}. ` +
    `Add it to ostack.yaml of the ops repository: "previews: { host: ${host}, from: [${[...sources, repository].join(', ')}] }".`
  );
}
