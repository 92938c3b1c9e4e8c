/**
 * What belongs to the step that runs the tests, not to the tests: its inputs, its files, the runner's own service. Tests
 * that could write to these would speak for the step.
 */
const OF_THE_STEP =
  /^(?:INPUT_.*|STATE_.*|ACTIONS_(?:RUNTIME|RESULTS|CACHE)_.*|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|ACTION.*))$/;

/**
 * The environment of an app's tests: that of the job, without what belongs to the step.
 *
 * @param more variables for this app
 */
export function testEnvironment(env: NodeJS.ProcessEnv, more: Record<string, string>): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_STEP.test(name))), ...more };
}
