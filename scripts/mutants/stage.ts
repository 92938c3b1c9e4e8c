import type { Mutation } from './mutation.js';

const APPS = ['test/local/github/apps.test.ts'];
const RULESETS = ['test/local/github/rulesets-rest.test.ts'];
const REVIEWS = ['test/local/github/reviews.test.ts'];
const ENVIRONMENTS = ['test/local/runner/environments.test.ts'];
const RUNS = ['test/local/runner/runs.test.ts'];

/** What GitHub refuses: a stage that lets it pass would make the gate's tests worth nothing. */
export const STAGE: readonly Mutation[] = [
  {
    name: 'A check run is changed by the App alone that made it',
    file: 'src/local/github/world/checks.ts',
    text: 'demandApp(world, caller).id !== run.appId',
    replacement: 'false',
    tests: APPS,
  },
  {
    name: 'A token of an App has no more than its installation',
    file: 'src/local/github/world/apps.ts',
    text: 'granted === undefined || order[level] > order[granted]',
    replacement: 'false',
    tests: APPS,
  },
  {
    name: 'An App signs in with its own key alone',
    file: 'src/local/github/world/app-sign-in.ts',
    text: '!app.keys.some(',
    replacement: '[].some(',
    tests: APPS,
  },
  {
    name: 'A check that is required from an App is made by no other',
    file: 'src/local/github/world/mergeability.ts',
    text: 'name === context && (appId === undefined || by === appId)',
    replacement: 'name === context',
    tests: RULESETS,
  },
  {
    name: 'A check that is required from an App is no status of anybody else',
    file: 'src/local/github/world/mergeability.ts',
    text: '(one) => appId === undefined || apps.ofAccount(one.creator)?.id === appId',
    replacement: '() => true',
    tests: RULESETS,
  },
  {
    name: 'A bypass for pull requests is none for pushes',
    file: 'src/local/github/world/rulesets.ts',
    text: "(actor.mode !== 'pull_request' || way === 'merge') && ",
    replacement: '',
    tests: RULESETS,
  },
  {
    name: 'A review of somebody who may not write does not count',
    file: 'src/local/github/world/mergeability.ts',
    text: "role !== 'read' && role !== 'triage'",
    replacement: 'true',
    tests: REVIEWS,
  },
  {
    name: 'A rule for branches of an environment admits no tag',
    file: 'src/local/github/world/environments.ts',
    text: "(type === 'tag') === isTag && ",
    replacement: '',
    tests: ENVIRONMENTS,
  },
  {
    name: 'A called workflow gets the secrets of an environment only where its caller says "inherit"',
    file: 'src/local/runner/jobs.ts',
    text: "level.inherits && text(body.secrets) === 'inherit'",
    replacement: 'level.inherits',
    tests: ENVIRONMENTS,
  },
  {
    name: 'A run that is run again is not requested once more',
    file: 'src/local/runner/runner.ts',
    text: "report.status === 'queued' && report.attempt > 1",
    replacement: 'false',
    tests: RUNS,
  },
];
