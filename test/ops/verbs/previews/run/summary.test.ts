import { expect, test } from '@jest/globals';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import { previewDetails } from '../../../../../src/ops/verbs/previews/feedback/details.js';
import { statusOf } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import type { Decision } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import type { PreviewRunResult } from '../../../../../src/ops/verbs/previews/run/preview-run.js';
import { renderSummary } from '../../../../../src/ops/verbs/previews/run/summary.js';
import { at, decided, OPS, recordOf, sha } from '../support.js';

const POLICY = previewPolicy(readPolicy(OPS['ostack.yaml']));
const CONTEXT = { opsRepository: 'acme/ops', serverUrl: 'https://github.test', now: at(60), dryRun: false };

function resultOf(decisions: readonly Decision[], policy: PreviewPolicy = POLICY): PreviewRunResult {
  const pages = { head: sha(1), commitUrl: '', branchUrl: '', runUrl: '' };
  return {
    previews: decisions.map((decision) => ({
      decision,
      details: previewDetails(decision, policy, pages),
      status: statusOf(decision, policy),
    })),
    sharing: { repository: 'acme/ops', own: undefined, isSaid: false, guests: [] },
    policy,
    answer: undefined,
    ...{ commit: sha(2), committed: false, diff: '', warnings: [], failures: [] },
  };
}

test('the summary says of every preview whose it is, how old, how large, and until when it is there', () => {
  const run = { ...recordOf(0), name: 'run-1234', pullRequest: undefined, run: '1234' };
  const previews = [
    decided('kept', {}, recordOf(7, { size: { apps: 5, objects: 23 } })),
    decided('slept', {}, recordOf(8, { createdAt: at(-60 * 24 * 3).toISOString(), asleepAt: at(59).toISOString() })),
    decided('queued', { position: 1 }, recordOf(9, { state: 'queued', createdAt: at(55).toISOString() })),
    decided('removed', { state: 'gone' }, recordOf(10)),
    decided('kept', {}, { ...run, size: { apps: 1, objects: 1 } }),
  ];
  expect(renderSummary(resultOf(previews), CONTEXT)).toMatchSnapshot();
});

test('the summary says that there are none, and that there are no bounds', () => {
  expect(renderSummary(resultOf([]), { ...CONTEXT, dryRun: true })).toBe(
    '### Previews in acme/ops (dry run, nothing was written)\n\nThere are none.\n',
  );
  const boundless = { ...POLICY, quota: undefined };
  expect(renderSummary(resultOf([decided('kept')], boundless), CONTEXT)).toContain(
    '1 awake, of at most 2. There are no bounds on what one may use.',
  );
});
