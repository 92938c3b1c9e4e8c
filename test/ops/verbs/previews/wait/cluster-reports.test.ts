import { describe, expect, test } from '@jest/globals';
import { reportOn } from '../../../../../src/ops/verbs/previews/wait/cluster-reports.js';

const commit = (...statuses: [context: string, state: string][]) => ({
  oid: 'x',
  status: { contexts: statuses.map(([context, state]) => ({ context, state, description: state.toLowerCase() })) },
});

describe('what the cluster says of a preview', () => {
  test.each([
    ['nothing', [commit()], undefined],
    ['nothing of it, but of another', [commit(['kustomization/pr-11/0badcafe', 'SUCCESS'])], undefined],
    ['that Flux applied it', [commit(['Kustomization/pr-1/0badcafe', 'SUCCESS'])], 'applied'],
    ['that Argo CD applied it', [commit(['continuous-delivery/pr-1', 'SUCCESS'])], 'applied'],
    ['that it is at it', [commit(['kustomization/pr-1/0badcafe', 'PENDING'])], 'pending'],
    ['that one of two clusters failed', [commit(['a/pr-1/1', 'SUCCESS'], ['a/pr-1/2', 'ERROR'])], 'failed'],
    ['pending on a newer commit', [commit(['a/pr-1', 'PENDING']), commit(['a/pr-1', 'SUCCESS'])], 'applied'],
    ['failed on a newer commit', [commit(['a/pr-1', 'FAILURE']), commit(['a/pr-1', 'SUCCESS'])], 'failed'],
  ])('%s', (_name, commits, state) => {
    expect(reportOn('pr-1', commits)?.state).toBe(state);
  });
});
