import { useProxy } from './runtime/proxy.js';

/**
 * The one bundle: every JavaScript action of the project, each evaluated only when it is the one that runs.
 * `webpackMode: "eager"` keeps them in one minified file; the dynamic import keeps start-up at what one action needs.
 */
const actions: Record<string, () => Promise<{ main(): Promise<void> }>> = {
  'affected-apps': () => import(/* webpackMode: "eager" */ './actions/affected-apps/main.js'),
  'build-push-image': () => import(/* webpackMode: "eager" */ './actions/build-push-image/main.js'),
  'bump-ops-overlay': () => import(/* webpackMode: "eager" */ './actions/bump-ops-overlay/main.js'),
  'cleanup-preview-env': () => import(/* webpackMode: "eager" */ './actions/cleanup-preview-env/main.js'),
  'create-preview-env': () => import(/* webpackMode: "eager" */ './actions/create-preview-env/main.js'),
  'find-ops-repository': () => import(/* webpackMode: "eager" */ './actions/find-ops-repository/main.js'),
  'record-delivery': () => import(/* webpackMode: "eager" */ './actions/record-delivery/main.js'),
  'run-tests': () => import(/* webpackMode: "eager" */ './actions/run-tests/main.js'),
  'tag-release': () => import(/* webpackMode: "eager" */ './actions/tag-release/main.js'),
};

/**
 * Runs one action to its end. Called by the two-line stub in `dist/<name>.js`.
 *
 * @param name the action's folder name, for example `tag-release`
 * @throws Error when the bundle has no such action
 */
export async function start(name: string): Promise<void> {
  const load = actions[name];
  if (load === undefined) {
    throw new Error(`No action "${name}" in this bundle. It has: ${Object.keys(actions).join(', ')}.`);
  }
  await useProxy();
  const { main } = await load();
  await main();
}
