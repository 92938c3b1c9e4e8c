/**
 * Variables of the step that tests do not get: its inputs, its files, the runner's service. Tests that had them could set
 * outputs of the step and write its summary.
 */
const OF_THE_STEP =
  /^(?:INPUT_.*|STATE_.*|ACTIONS_(?:RUNTIME|RESULTS|CACHE)_.*|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY|ACTION.*))$/;

/**
 * The environment of an app's tests: the step's, without the variables that only the step may use.
 *
 * @param more variables for this app
 */
export function testEnvironment(env: NodeJS.ProcessEnv, more: Record<string, string>): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_STEP.test(name))), ...more };
}
