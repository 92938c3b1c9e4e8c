// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows are spelled like that.
import { merge, open, review, verdictOn } from '../support/guarded.js';
import { push } from '../support/push.js';
import type { Run, Running } from '../support/workflows.js';
import { saidBy } from '../support/workflows.js';

/** It has the token of the run, which makes check runs of the App of GitHub Actions. */
const FORGER = `name: Ops check
on: [pull_request, pull_request_review]
permissions: { checks: write }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - env: { TOKEN: "\${{ github.token }}", HEAD: "\${{ github.event.pull_request.head.sha }}" }
        run: |
          curl --fail --silent --header "authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/check-runs" \\
            --data "{\\"name\\":\\"oStack / gate\\",\\"head_sha\\":\\"$HEAD\\",\\"status\\":\\"completed\\",\\"conclusion\\":\\"success\\"}"
`;

async function edit(ops: Running): Promise<number> {
  const files = { '.github/workflows/ops-check.yml': FORGER };
  await push(ops, { token: ops.person('mallory'), to: 'refs/heads/topic', files });
  return open(ops, 'topic');
}

async function outcome(ops: Running, number: number): Promise<string> {
  const checks = saidBy(ops, 'Ops check');
  if (!checks.includes('success')) {
    return checks;
  }
  const head = (await ops.repository.refs())['refs/heads/topic'] ?? '';
  return `${await verdictOn(ops, head)} | ${await merge(ops, number)}`;
}

/** The check of pull requests is edited in the pull request: it checks nothing, and makes a check run of the name of the gate’s. */
export const deed: Run = {
  async attack(ops) {
    const number = await edit(ops);
    await ops.runner.idle();
    return outcome(ops, number);
  },
  refused: /^failure: Not yet: production: 0 of 1 approval: waits for grace\. \| .*oStack \/ gate/s,
  async honest(ops) {
    const number = await edit(ops);
    await review(ops, number, 'grace');
    await ops.runner.idle();
    return outcome(ops, number);
  },
  allowed: /^success: .*approved by grace.* \| merged/,
};
