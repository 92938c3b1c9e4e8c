/** Kinds of carriers that say what a container runs. Others, such as the values of a HelmRelease, need none. */
const OF_CONTAINERS: ReadonlySet<string> = new Set(['kustomize-image', 'image', 'json-patch']);

/** Whether a carrier of a kind says what a container runs, so that kustomize's layers decide what comes of it. */
export function isOfContainers(kind: string): boolean {
  return OF_CONTAINERS.has(kind);
}
