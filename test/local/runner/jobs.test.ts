import { describe, expect, test } from '@jest/globals';
import { conclusions, playground, runWorkflow } from './support.js';

describe('jobs that need each other', () => {
  test('pass outputs on, and are skipped after what failed or was skipped, however far back', async () => {
    const { run, log } = await runWorkflow(`
on: workflow_dispatch
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { version: "\${{ steps.v.outputs.version }}" }
    steps: [{ id: v, run: 'echo version=1.2.3 >> "$GITHUB_OUTPUT"' }]
  use:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: "echo got \${{ needs.build.outputs.version }} \${{ needs.build.result }}" }]
  no:
    needs: build
    if: needs.build.outputs.version == 'other'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  bridge:
    needs: no
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "echo no was \${{ needs.no.result }}" }]
  beyond:
    needs: bridge
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  broken:
    runs-on: ubuntu-latest
    steps: [{ run: exit 1 }]
  on-failure:
    needs: [broken, build]
    if: failure() && needs.broken.result == 'failure'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  tolerated:
    continue-on-error: true
    runs-on: ubuntu-latest
    steps: [{ run: exit 1 }]
  after-tolerated:
    needs: tolerated
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`);
    expect(conclusions(run)).toEqual({
      build: 'success',
      use: 'success',
      no: 'skipped',
      bridge: 'success',
      beyond: 'skipped',
      broken: 'failure',
      'on-failure': 'success',
      tolerated: 'failure',
      'after-tolerated': 'success',
    });
    expect(run.conclusion).toBe('failure');
    expect(log).toEqual(expect.arrayContaining(['got 1.2.3 success', 'no was skipped']));
  });
});

describe('a matrix', () => {
  test('runs one job for each combination, which may come from another job', async () => {
    const { run, log } = await runWorkflow(`
on: workflow_dispatch
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { list: "\${{ steps.l.outputs.list }}" }
    steps: [{ id: l, run: "echo 'list=[\\"x\\",\\"y\\"]' >> \\"$GITHUB_OUTPUT\\"" }]
  build:
    needs: plan
    runs-on: ubuntu-latest
    strategy: { max-parallel: 1, matrix: { app: "\${{ fromJSON(needs.plan.outputs.list) }}", n: [1] } }
    outputs: { last: "\${{ matrix.app }}" }
    steps: [{ run: "echo \${{ matrix.app }} \${{ strategy.job-index }} of \${{ strategy.job-total }}" }]
  named:
    strategy: { matrix: { app: [z] } }
    name: Test \${{ matrix.app }}
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: "echo last \${{ needs.build.outputs.last }}" }]
`);
    expect(conclusions(run)).toEqual({
      plan: 'success',
      'build (x, 1)': 'success',
      'build (y, 1)': 'success',
      'Test z': 'success',
    });
    expect(log).toEqual(expect.arrayContaining(['x 0 of 2', 'y 1 of 2', 'last y']));
  });

  test('ends the other jobs when one fails, unless fail-fast is off', async () => {
    const matrix = (more: string) => `
on: workflow_dispatch
jobs:
  build:
    runs-on: ubuntu-latest
    strategy: { ${more} max-parallel: 1, matrix: { code: [1, 0] } }
    steps: [{ run: "exit \${{ matrix.code }}" }]
`;
    const fast = await runWorkflow(matrix(''));
    expect(conclusions(fast.run)).toEqual({ 'build (1)': 'failure', 'build (0)': 'cancelled' });
    const slow = await runWorkflow(matrix('fail-fast: false,'));
    expect(conclusions(slow.run)).toEqual({ 'build (1)': 'failure', 'build (0)': 'success' });
  });
});

describe('the token of a job', () => {
  test('may do what the permissions say, and no more', async () => {
    const { log } = await runWorkflow(`
on: workflow_dispatch
permissions: {}
jobs:
  read:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - env: { TOKEN: "\${{ github.token }}" }
        run: |
          call() { curl -s -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $TOKEN" "$@"; }
          echo "read $(call "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/ref/heads/main")"
          echo "write $(call -X POST -d "{\\"ref\\":\\"refs/tags/x\\",\\"sha\\":\\"$GITHUB_SHA\\"}" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/refs")"
  write:
    runs-on: ubuntu-latest
    permissions: { contents: write }
    steps:
      - env: { TOKEN: "\${{ secrets.GITHUB_TOKEN }}" }
        run: |
          call() { curl -s -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $TOKEN" "$@"; }
          echo "granted $(call -X POST -d "{\\"ref\\":\\"refs/tags/x\\",\\"sha\\":\\"$GITHUB_SHA\\"}" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/refs")"
`);
    expect(log).toEqual(expect.arrayContaining(['read 200', 'write 403', 'granted 201']));
  });
});

describe('concurrency', () => {
  const slow = (setting: string, condition: string) => `
name: Slow
on: push
concurrency: ${setting}
jobs: { a: { if: "${condition}", runs-on: ubuntu-latest, steps: [{ run: "while [ ! -e ${'$'}FLAG ]; do sleep 0.05; done", env: { FLAG: "\${{ vars.FLAG }}" } }] } }
`;

  async function pushThree(setting: string, condition = 'success()') {
    const file = slow(setting, condition);
    await using ground = await playground({ 'acme/apps': { '.github/workflows/slow.yml': file } });
    const flag = `${ground.stage.stateDir}/go`;
    ground.runner.vars.set('acme', { FLAG: flag });
    const repository = ground.stage.github.repository('acme/apps');
    const running = new Promise<void>((resolve) => {
      ground.runner.runner.follow({ report: (event) => void (event.type === 'job-started' && resolve()) });
    });
    const queued = waitFor(ground, 'run-queued', setting.includes('cancel') ? 1 : 2);
    await repository.commit('main', { 'a.txt': '1' }, 'first');
    await running;
    await repository.commit('main', { 'a.txt': '2' }, 'second');
    if (!setting.includes('cancel')) {
      await repository.commit('main', { 'a.txt': '3' }, 'third');
    }
    await queued;
    const { writeFile } = await import('node:fs/promises');
    await writeFile(flag, '');
    await ground.runner.idle();
    return ground.runner.runs
      .map(({ title, conclusion, jobs }) => {
        const inner = jobs.map((job) => job.conclusion).join();
        return `${title}: ${conclusion}${inner === '' || inner === conclusion ? '' : ` (job: ${inner})`}`;
      })
      .sort();
  }

  function waitFor(ground: Awaited<ReturnType<typeof playground>>, type: string, count: number): Promise<void> {
    let seen = 0;
    return new Promise((resolve) => {
      ground.runner.runner.follow({
        report(event) {
          seen += Number(event.type === type);
          if (seen === count) {
            resolve();
          }
        },
      });
    });
  }

  test('keeps one waiting run, the newest', async () => {
    expect(await pushThree('release')).toEqual(['first: success', 'second: cancelled', 'third: success']);
  });

  test('with queue: max keeps every waiting run', async () => {
    expect(await pushThree('{ group: release, queue: max }')).toEqual([
      'first: success',
      'second: success',
      'third: success',
    ]);
  });

  test('with cancel-in-progress ends the run before', async () => {
    expect(await pushThree('{ group: release, cancel-in-progress: true }')).toEqual([
      'first: cancelled',
      'second: success',
    ]);
  });

  test('lets a job of a cancelled run go on when its condition holds all the same', async () => {
    expect(await pushThree('{ group: release, cancel-in-progress: true }', 'always()')).toEqual([
      'first: cancelled (job: success)',
      'second: success',
    ]);
  });
});
