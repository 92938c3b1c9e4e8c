/**
 * Variables that belong to a step and to no program that runs a project's code: its inputs and files, the runner's service,
 * and the way to a token of the workflow's identity. A program that had them could set outputs of the step, write its
 * summary, poison the caches of later runs or sign in to a cloud as the workflow.
 *
 * @see https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
const OF_THE_STEP =
  /^(?:INPUT_.*|STATE_.*|ACTIONS_(?:ID_TOKEN|RUNTIME|RESULTS|CACHE)_.*|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|ACTION.*))$/;

/** The variables by which BuildKit reaches the cache of GitHub Actions. */
const OF_THE_CACHE = /^ACTIONS_(?:RUNTIME|RESULTS|CACHE)_.*$/;

/** An environment without the variables that only the step may use. */
export function withoutStep(env: NodeJS.ProcessEnv): Record<string, string> {
  return picked(env, (name) => !OF_THE_STEP.test(name));
}

/** Of an environment only what leads to the runner's cache. */
export function cacheAccess(env: NodeJS.ProcessEnv): Record<string, string> {
  return picked(env, (name) => OF_THE_CACHE.test(name));
}

function picked(env: NodeJS.ProcessEnv, takes: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && takes(name) ? [[name, value]] : [])),
  );
}
