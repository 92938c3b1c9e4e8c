import { expect, test } from '@jest/globals';
import type { Verdict } from '../../../../src/ops/judgement/judge.js';
import type { ChangeGroup } from '../../../../src/ops/render/change-groups.js';
import { type CheckReport, policyMarkdown, reportMarkdown } from '../../../../src/ops/verbs/check/report.js';

function verdict(environment: string, state: Verdict['state'], reason: string, touched = true): Verdict {
  return { environment, state, touched, line: reason, reason };
}

const GROUP: ChangeGroup = {
  environment: 'production',
  app: 'shop',
  changes: [
    {
      ...{ action: 'changed', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', app: '' },
      ...{ previousName: undefined, flag: 'Deployment web is scaled from 2 to 0: nothing of it runs.' },
      diff: '@@ -1 +1 @@\n-replicas: 2\n+replicas: 0\n',
    },
  ],
};
const ROOT = { folder: 'overlays/production/shop', overlay: undefined, before: undefined, after: undefined };
const REPORT: CheckReport = {
  verdicts: [
    verdict('staging', 'success', 'No change.', false),
    verdict('production', 'pending', '0 of 1 approval: waits for acme/leads.'),
  ],
  problems: [
    { level: 'error', file: 'overlays/a b.yaml', line: 2, message: 'overlays/a b.yaml:2: there is no "x.yaml".' },
    { level: 'warning', file: 'overlays/c.yaml', line: undefined, message: 'overlays/c.yaml does nothing.' },
  ],
  known: [{ environment: 'production', apps: ['api', 'shop_1'] }],
  notRendered: ['charts/web/values-production.yaml: no kustomization takes it in.'],
  rendered: [{ root: ROOT, groups: [GROUP, { ...GROUP, environment: 'staging' }] }],
  page: 'https://github.com/acme/ops/blob/0a1b',
  runUrl: 'https://github.com/acme/ops/actions/runs/7',
  notes: ['Could not comment on @pull request 1.'],
};

test('the report has the verdict, the problems with their places, and what changes, in the order of the environments', () => {
  expect(reportMarkdown(REPORT, 60_000)).toMatchSnapshot();
});

test('a report that does not fit says where the whole report is', () => {
  const groups = Array.from({ length: 900 }, (_, at) => ({ ...GROUP, app: `app-${at}` }));
  const text = reportMarkdown({ ...REPORT, rendered: [{ root: ROOT, groups }] }, 20_000);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000);
  expect(text).toContain('900 places, one environment: 900 changed');
  expect(text.trimEnd().split('\n').at(-1)).toBe(
    '_This report is cut. The whole of it is in [the run](https://github.com/acme/ops/actions/runs/7): in its summary, and in its artifact “ops-check”._',
  );
});

test('the policy of several pull requests is one table of what concerns each', () => {
  const reports = [
    { number: 7, page: 'https://github.com/acme/ops/pull/7', verdicts: REPORT.verdicts, notes: [] },
    { number: 8, page: 'https://github.com/acme/ops/pull/8', verdicts: [], notes: ['It has conflicts.'] },
  ];
  expect(policyMarkdown(reports, 60_000)).toMatchSnapshot();
});
