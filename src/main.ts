import { setAction } from './runtime/help.js';
import { useProxy } from './runtime/proxy.js';

/** Every JavaScript action of the project. Only the one that runs is loaded: the import splits the bundle into files. */
const actions: Record<string, () => Promise<{ main(): Promise<void> }>> = {
  'apply-infra': () => import('./actions/apply-infra/main.js'),
  'affected-apps': () => import('./actions/affected-apps/main.js'),
  audit: () => import('./actions/audit/main.js'),
  'backup-database': () => import('./actions/backup-database/main.js'),
  'build-push-image': () => import('./actions/build-push-image/main.js'),
  'bump-ops-overlay': () => import('./actions/bump-ops-overlay/main.js'),
  'check-merge-source': () => import('./actions/check-merge-source/main.js'),
  'check-ops': () => import('./actions/check-ops/main.js'),
  'cleanup-preview-env': () => import('./actions/cleanup-preview-env/main.js'),
  'create-preview-env': () => import('./actions/create-preview-env/main.js'),
  'delete-preview-images': () => import('./actions/delete-preview-images/main.js'),
  'drift-infra': () => import('./actions/drift-infra/main.js'),
  'find-ops-repository': () => import('./actions/find-ops-repository/main.js'),
  gate: () => import('./actions/gate/main.js'),
  hold: () => import('./actions/hold/main.js'),
  'lift-hold': () => import('./actions/lift-hold/main.js'),
  'quarantine-images': () => import('./actions/quarantine-images/main.js'),
  lift: () => import('./actions/lift/main.js'),
  materialize: () => import('./actions/materialize/main.js'),
  'merge-due': () => import('./actions/merge-due/main.js'),
  notify: () => import('./actions/notify/main.js'),
  onboard: () => import('./actions/onboard/main.js'),
  override: () => import('./actions/override/main.js'),
  'preview-command': () => import('./actions/preview-command/main.js'),
  'plan-infra': () => import('./actions/plan-infra/main.js'),
  promote: () => import('./actions/promote/main.js'),
  'record-preview': () => import('./actions/record-preview/main.js'),
  'record-delivery': () => import('./actions/record-delivery/main.js'),
  rollback: () => import('./actions/rollback/main.js'),
  'run-tests': () => import('./actions/run-tests/main.js'),
  'tag-release': () => import('./actions/tag-release/main.js'),
  'serve-previews': () => import('./actions/serve-previews/main.js'),
  status: () => import('./actions/status/main.js'),
  watch: () => import('./actions/watch/main.js'),
};

/** What Node.js itself exits with when the end of an ES module never comes. */
const UNSETTLED = 13;

/**
 * Runs one action to its end. Called by the stub in `dist/<name>.js`. Should the process end before the action does, for
 * it waits for something that never comes, then it fails.
 *
 * @param name the action's folder name, for example `tag-release`
 * @throws Error when the bundle has no such action
 */
export async function start(name: string): Promise<void> {
  const load = actions[name];
  if (load === undefined) {
    throw new Error(`No action "${name}" in this bundle. It has: ${Object.keys(actions).join(', ')}.`);
  }
  process.exitCode = UNSETTLED;
  setAction(name);
  await useProxy();
  const { main } = await load();
  await main();
  if (process.exitCode === UNSETTLED) {
    process.exitCode = 0;
  }
}

/** Runs the command line, `ostack`. Called by `dist/ostack.js`, which the published package names as its program. */
export async function startCli(): Promise<void> {
  await useProxy();
  const { runCli } = await import('./cli/main.js');
  process.exitCode = await runCli(process.argv.slice(2));
}
