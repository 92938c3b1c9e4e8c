import type { Mutation } from './mutation.js';

const HEALTH = ['test/ops/live/health-of.test.ts'];
const REPORTS = ['test/ops/live/read-reports.test.ts'];
const OBJECTS = ['test/ops/live/watched-objects.test.ts'];
const DEPLOYMENTS = ['test/ops/verbs/watch/plan-deployments.test.ts'];
const RECORDED = ['test/ops/verbs/watch/record-deployments.test.ts'];
const UNREPORTED = ['test/ops/live/unreported.test.ts'];
const CHECKS = ['test/ops/live/check-health.test.ts'];
const DUE = ['test/ops/verbs/watch/plan-checks.test.ts'];
const RESPONSE = ['test/ops/verbs/watch/plan-response.test.ts'];
const GOAL = ['test/ops/restore/goal.test.ts'];
const RULES = ['test/ops/policy/health-rules.test.ts'];

/** Whether an environment is live, and what that keeps back. */
export const LIVE: readonly Mutation[] = [
  {
    name: 'Only statuses of whom the policy names count',
    file: 'src/ops/live/read-reports.ts',
    text: 'const counts = ({ by }: Posted) => creators.includes(by);',
    replacement: "const counts = ({ by }: Posted) => by !== '';",
    tests: REPORTS,
  },
  {
    name: 'What somebody sets over a report hides nothing',
    file: 'src/ops/live/read-reports.ts',
    text: 'full.get(oid) ?? statuses.filter(counts)',
    replacement: 'statuses.filter(counts)',
    tests: REPORTS,
  },
  {
    name: 'What a merge brought arrived with the merge',
    file: 'src/ops/live/read-reports.ts',
    text: '[...chain].reverse()',
    replacement: '[...known.values()]',
    tests: REPORTS,
  },
  {
    name: 'What is checked is said by who runs Ops watch',
    file: 'src/ops/live/environment-health.ts',
    text: 'window.commits([ready.watcher], isOwn)',
    replacement: 'window.commits([ready.watcher, ...ready.creators], isOwn)',
    tests: REPORTS,
  },
  {
    name: 'What a cluster reports is not said by who runs Ops watch',
    file: 'src/ops/live/environment-health.ts',
    text: 'window.commits(ready.creators, isReport)',
    replacement: 'window.commits([...ready.creators, ready.watcher], isReport)',
    tests: REPORTS,
  },
  {
    name: 'What is reported of a commit says nothing of a later one',
    file: 'src/ops/live/health-of.ts',
    text: 'first < 0 ? undefined : first + 1',
    replacement: 'undefined',
    tests: HEALTH,
  },
  {
    name: 'What is reported of a commit that replaced a version says nothing of that version',
    file: 'src/ops/live/health-of.ts',
    text: 'commits.slice(replaced + 1,',
    replacement: 'commits.slice(0,',
    tests: HEALTH,
  },
  {
    name: 'A failure between two successes is a gap',
    file: 'src/ops/live/said.ts',
    text: 'const run = end < 0 ? said : said.slice(0, end);',
    replacement: 'const run = said;',
    tests: HEALTH,
  },
  {
    name: 'What is silent for longer than the timeout is unknown',
    file: 'src/ops/live/said.ts',
    text: 'now.getTime() - since.getTime() >= timeoutMs',
    replacement: 'now.getTime() < since.getTime()',
    tests: HEALTH,
  },
  {
    name: 'An environment is live since the last of its parts is',
    file: 'src/ops/live/said.ts',
    text: "found === 'live' ? Math.max(...known) : Math.min(...known)",
    replacement: 'Math.min(...known)',
    tests: HEALTH,
  },
  {
    name: 'A context is one of an object by a whole part of it',
    file: 'src/ops/live/watched-objects.ts',
    text: "lower.split('/').slice(1).includes(own)",
    replacement: 'lower.includes(own)',
    tests: OBJECTS,
  },
  {
    name: 'What reports of two environments by one name reports of neither',
    file: 'src/ops/live/watched-objects.ts',
    text: 'mixedUp.filter((other) => other.name === name)',
    replacement: 'mixedUp.filter((other) => other.environment === name)',
    tests: OBJECTS,
  },
  {
    name: 'What others post for is told by who posts it',
    file: 'src/ops/policy/ready-policy.ts',
    text: 'other?.creators.every((each) => !ready.creators.includes(each))',
    replacement: 'other?.creators.some((each) => !ready.creators.includes(each))',
    tests: OBJECTS,
  },
  {
    name: 'Of two clusters with one object, both report',
    file: 'src/ops/live/health-of.ts',
    text: 'known.length < copies ?',
    replacement: 'known.length < 1 ?',
    tests: HEALTH,
  },
  {
    name: 'Nothing comes from an environment that failed',
    file: 'src/ops/policy/rules.ts',
    text: 'health !== undefined && isSick(health.now)',
    replacement: 'health === null',
    tests: RULES,
  },
  {
    name: 'Soak is the time in which it was live',
    file: 'src/ops/policy/rules.ts',
    text: 'health.since === undefined || health.since < from ? from : health.since',
    replacement: 'from',
    tests: RULES,
  },
  {
    name: 'A version that was never live has not soaked',
    file: 'src/ops/policy/rules.ts',
    text: "from: health.state === 'live' ? since : undefined",
    replacement: 'from: since',
    tests: RULES,
  },
  {
    name: 'A status that GitHub shows already is not added again, live or not',
    file: 'src/ops/verbs/watch/plan-deployments.ts',
    text: 'own === undefined || says(own, status)',
    replacement: 'own === undefined',
    tests: DEPLOYMENTS,
  },
  {
    name: 'What was replaced stays deployed until the new version is live',
    file: 'src/ops/verbs/watch/plan-deployments.ts',
    text: "health.state === 'live' ? each.replaced.filter((other) => other !== sha) : []",
    replacement: 'each.replaced.filter((other) => other !== sha)',
    tests: DEPLOYMENTS,
  },
  {
    name: 'That nothing reports is said once',
    file: 'src/ops/live/unreported.ts',
    text: '[...new Set(names)].map(plain)',
    replacement: 'names.map(plain)',
    tests: UNREPORTED,
  },
  {
    name: 'That nothing reports is said no more once something does',
    file: 'src/ops/live/unreported.ts',
    text: 'environmentPolicy(policy, name).ready === undefined',
    replacement: "name !== ''",
    tests: UNREPORTED,
  },
  {
    name: 'That nothing reports is said where a version goes on',
    file: 'src/ops/judgement/evaluate-change.ts',
    text: 'const unreported = isMoved ?',
    replacement: 'const unreported = facts.environments.includes(name) ?',
    tests: UNREPORTED,
  },
  {
    name: 'What is refused for good is not sent again',
    file: 'src/ops/verbs/watch/record-deployments.ts',
    text: '|| isFinalAnswer(error)',
    replacement: '|| (isFinalAnswer(error) && round > 1)',
    tests: RECORDED,
  },
  {
    name: 'A deployment that is wrong in itself keeps nobody from the others',
    file: 'src/ops/verbs/watch/record-deployments.ts',
    text: 'if (!isUnprocessable(error)) {',
    replacement: 'if (isUnprocessable(error)) {',
    tests: RECORDED,
  },
  {
    name: 'A rate limit is no answer for good',
    file: 'src/github/errors.ts',
    text: 'status !== 408 && !isRateLimit(failure)',
    replacement: 'status !== 408',
    tests: ['test/github/final-answer.test.ts'],
  },
  {
    name: 'What nobody has verified is not live',
    file: 'src/ops/live/check-health.ts',
    text: "return cluster.state === 'live' ? [silent(patience, context, cluster.since ?? now)] : [];",
    replacement: 'return [];',
    tests: CHECKS,
  },
  {
    name: 'What failed before something else came is not forgotten with that',
    file: 'src/ops/live/check-health.ts',
    text: 'newest === undefined || isOver(app, newest.oid)',
    replacement: 'newest === undefined || commits[0]?.oid !== newest.oid',
    tests: CHECKS,
  },
  {
    name: 'What was silent was not so for longer than it was there',
    file: 'src/ops/live/health-of.ts',
    text: 'end === undefined || end.at > now ? now : end.at',
    replacement: 'now',
    tests: CHECKS,
  },
  {
    name: 'A workflow that was cancelled says nothing of a version',
    file: 'src/ops/verbs/watch/plan-checks.ts',
    text: "run.conclusion === 'success' || run.conclusion === 'failure' ? run.conclusion : 'pending'",
    replacement: "run.conclusion === 'success' ? 'success' : 'failure'",
    tests: DUE,
  },
  {
    name: 'A workflow that verifies is started once for each change',
    file: 'src/ops/verbs/watch/plan-checks.ts',
    text: "known?.state === 'success' || known?.state === 'failure'",
    replacement: "known?.state === 'success'",
    tests: DUE,
  },
  {
    name: 'A report that is only late rolls nothing back',
    file: 'src/ops/verbs/watch/plan-response.ts',
    text: "health.state !== 'failed' || health.since",
    replacement: "health.state === 'live' || health.since",
    tests: RESPONSE,
  },
  {
    name: 'What fails long after its merge is rolled back by nobody',
    file: 'src/ops/verbs/watch/plan-response.ts',
    text: 'if (after > onFailure.withinMs) {',
    replacement: 'if (after < 0) {',
    tests: RESPONSE,
  },
  {
    name: 'A rollback is not rolled back by itself',
    file: 'src/ops/verbs/watch/plan-response.ts',
    text: 'if (isRollback) {',
    replacement: 'if (isRollback && earlier.length === 0) {',
    tests: RESPONSE,
  },
  {
    name: 'A failure that was there before a version is not its own',
    file: 'src/ops/verbs/watch/plan-response.ts',
    text: "if (before?.health.state === 'failed') {",
    replacement: "if (before?.health.state === 'live') {",
    tests: RESPONSE,
  },
  {
    name: 'A version that failed, or that a rollback left, is gone back to by nobody',
    file: 'src/ops/verbs/watch/plan-response.ts',
    text: ' && !bad.has(each.version)',
    replacement: '',
    tests: RESPONSE,
  },
  {
    name: 'What came meanwhile is not taken for what failed',
    file: 'src/ops/restore/goal.ts',
    text: "!('entry' in goal) || goal.from === from",
    replacement: "!('entry' in goal) || from !== ''",
    tests: GOAL,
  },
];
