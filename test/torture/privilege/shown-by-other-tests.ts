const REGISTRY = 'test/actions/build-push-image/failures.test.ts';
/** With a real tool, which the runs of this folder do without. */
const PLANS = 'test/infra-tools/plan-infra.test.ts';
const APPLIES = 'test/infra-tools/apply-infra.test.ts';
const DRIFT = 'test/infra-tools/drift-infra.test.ts';
/** The job's own token stands in for the App's, and has the same permissions: `tokens-of.ts`. */
const NO_APP = 'the token of the App';

/** Permissions that are not for a step of `steps`, each with what shows that they are needed. */
export const shownByOtherTests: Readonly<Record<string, string>> = {
  ...checkouts('release.yml/images', 'pull-request.yml/test', 'pull-request.yml/images', 'fork-images.yml/images'),
  'release.yml/images job actions': 'test/images/read-known-builds.test.ts',
  'release.yml/images job packages': REGISTRY,
  'pull-request.yml/images job packages': REGISTRY,
  ...Object.fromEntries(
    ['job actions', 'job contents', 'job deployments', 'job packages', 'job pull-requests', 'token contents']
      .concat('token statuses')
      .map((grant) => [`fork-preview.yml/preview ${grant}`, 'test/scenarios/fork-preview.test.ts']),
  ),
  ...whereThereIsNoApp('hold', 'lift-hold', 'lift', 'onboard', 'override', 'promote', 'rollback'),
  'promote.yml/promote job statuses': 'test/actions/watch/watch.test.ts',
  ...Object.fromEntries(
    ['job actions', 'job issues', 'ops contents', 'ops issues', 'ops pull-requests'].map((grant) => [
      `ops-watch.yml/watch ${grant}`,
      'test/actions/watch/verify.test.ts',
    ]),
  ),
  'ops-status.yml/status job statuses': 'test/ops/live/read-reports.test.ts',
  'ops-status.yml/status app statuses': 'test/ops/live/read-reports.test.ts',
  ...Object.fromEntries(
    ['contents', 'issues', 'pull-requests'].map((name) => [`ops-status.yml/status job ${name}`, NO_APP]),
  ),
  ...Object.fromEntries(
    ['roots', 'plan'].flatMap((job) =>
      ['contents', 'checks', 'pull-requests'].map((name) => [`infra.yml/${job} job ${name}`, PLANS]),
    ),
  ),
  ...Object.fromEntries(
    ['roots job contents', 'apply job contents', 'apply job checks', 'apply job pull-requests', 'apply job issues'].map(
      (grant) => [`infra-apply.yml/${grant}`, APPLIES],
    ),
  ),
  ...Object.fromEntries(
    ['roots job contents', 'drift job contents', 'drift job issues'].map((grant) => [`drift.yml/${grant}`, DRIFT]),
  ),
  'infra-apply.yml/apply members members': 'test/infra-tools/workflow.test.ts',
  'previews.yml/sweep job contents': NO_APP,
  'materialize.yml/materialize job pull-requests': NO_APP,
  'materialize.yml/materialize sources contents': 'test/materialize/fetch-git.test.ts',
  'tell-gate.yml/tell app contents': 'test/workflows/gate-elsewhere.test.ts',
  'merge-due.yml/merge-due job actions': 'test/actions/merge-due/merge-due.test.ts',
  'merge-due.yml/merge-due job checks': 'src/ops/verbs/merge-due/due-pulls.ts',
  'merge-due.yml/merge-due job statuses': 'src/ops/verbs/merge-due/due-pulls.ts',
  'ops-gate.yml/gate app actions': 'test/actions/gate/gate.test.ts',
  'ops-gate.yml/again app actions': 'test/actions/gate/gate.test.ts',
  'ops-gate.yml/audit app actions': 'test/actions/gate/gate.test.ts',
  'ops-gate.yml/audit app statuses': 'src/ops/judged-pulls/open-pulls.ts',
  'ops-gate.yml/audit app checks': 'src/ops/judged-pulls/open-pulls.ts',
  // GitHub wants it for the checks of a commit all together, which the stage does not look at.
  'ops-gate.yml/again app statuses': 'src/ops/judged-pulls/open-pulls.ts',
  'ops-gate.yml/gate app statuses': 'src/ops/judged-pulls/open-pulls.ts',
};

function checkouts(...jobs: string[]): Record<string, string> {
  return Object.fromEntries(jobs.map((job) => [`${job} job contents`, 'test/local/github/git-http.test.ts']));
}

function whereThereIsNoApp(...verbs: string[]): Record<string, string> {
  const grants = ['contents', 'issues', 'pull-requests'];
  return Object.fromEntries(verbs.flatMap((verb) => grants.map((name) => [`${verb}.yml/${verb} job ${name}`, NO_APP])));
}
