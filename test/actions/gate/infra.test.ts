import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { writePlanCheck } from '../../../src/infra/report/check-runs.js';
import { goneReport, type RootReport } from '../../../src/infra/report/root-report.js';
import { root } from '../../ops/judgement/infra-repository.js';
import { type Audited, auditedStage, runAudit, told } from '../audit/support.js';
import { at, checksOf, propose, rest, review, runGate } from './support.js';

const POLICY = `roots:
  cluster: { environment: production }
  network: {}
environments: { production: { approvers: [grace] } }
`;
const files = { 'cluster/main.tf': root('cluster'), 'network/main.tf': root('network') };

describe('The gate of an infra repository', () => {
  let infra: Audited;
  beforeAll(async () => {
    infra = await auditedStage(POLICY, files);
  });
  afterAll(() => infra.stage.close());

  /** Tells a plan of the root `cluster`, as `plan-infra` does. @param ago seconds since when it is planned like this */
  async function plan(head: string, ago: number, more: Partial<RootReport> = {}): Promise<void> {
    const { apiUrl, graphqlUrl } = infra.stage;
    const to = {
      github: connect({ token: infra.app, apiUrl, graphqlUrl }),
      repository: { owner: 'acme', name: 'ops' },
    };
    const since = new Date(Date.now() - ago * 1000).toISOString();
    const proof = { structure: 'a1', inputs: 'b2', tool: 'OpenTofu 1.12.6', since };
    await writePlanCheck(
      to,
      head,
      { report: { ...goneReport('cluster'), notes: [], proof, ...more }, text: '' },
      undefined,
      '',
    );
  }

  async function judged(head: string, by = ''): Promise<string | undefined> {
    const run = await runGate(infra);
    expect(run.stdout + run.stderr).not.toContain('::error');
    return (await checksOf(infra, head))[`oStack / gate${by}`];
  }

  test('lets in what was planned, and approved since', async () => {
    const { number, head } = await propose(infra, 'size', { 'cluster/main.tf': root('cluster', '# 3 nodes\n') });
    expect(await judged(head, ' / root cluster')).toBe('failure: There is no plan of cluster at this commit yet.');
    await plan(head, 3600);
    await review(infra, number, 'grace');
    expect(await judged(head)).toBe(
      'success: Allowed: production: Takes cluster; approved by grace. root cluster: Takes cluster.',
    );
    // The same commit, planned anew after the state has moved.
    await plan(head, -3600);
    expect(await judged(head)).toContain('failure: Not yet: production: 0 of 1 approval');
  });

  test('finds what an administrator merged past it', async () => {
    await runAudit(infra);
    const { number, head } = await propose(infra, 'past', { 'cluster/main.tf': root('cluster', '# 9 nodes\n') });
    await plan(head, 3600);
    const merged = at((await rest(infra.stage, `PUT /repos/${infra.name}/pulls/${number}/merge`)).body, 'sha');
    const run = await runAudit(infra);
    expect(run.stdout + run.stderr).not.toContain('::error');
    expect((await told(infra)).slice(-1)).toEqual([
      `issue by ostack-ops[bot]: ${merged.slice(0, 7)} reached production past the policy (open)`,
    ]);
  });
});
