import { expect, test } from '@jest/globals';
import { readResources } from '../../../../src/ops/render/resource.js';
import { workloadProblems } from '../../../../src/ops/verbs/check/workloads.js';
import { deployment } from '../../../support/deployment.js';

const WEB = deployment('web', '{ name: web, image: ghcr.io/acme/shop }');
const CRON = `apiVersion: batch/v1
kind: CronJob
metadata: { name: tidy }
spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: tidy }] } } } } }
`;

test.each([
  [WEB, []],
  [
    WEB.replace(', image: ghcr.io/acme/shop', ''),
    ['eu: Deployment web has no image for its container "web". Set "image", or take the container out.'],
  ],
  [
    WEB.replace('labels: { app: web }', 'labels: { app: api }'),
    [
      'eu: Deployment web selects pods with app=web, but its own pods have app=api: the cluster refuses that. Make "selector" and the labels of "template" the same.',
    ],
  ],
  [CRON, ['eu: CronJob tidy has no image for its container "tidy". Set "image", or take the container out.']],
])('what a cluster would refuse is reported %#', (text, messages) => {
  expect(workloadProblems('eu', [], readResources(text)).map(({ message }) => message)).toEqual(messages);
  expect(workloadProblems('eu', readResources(text), readResources(text))).toEqual([]);
});
