// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { playground } from './support.js';

const says = (on: string, more = '') => `
on: ${on}
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "echo \${{ github.event_name }} \${{ github.ref }}${more}" }] } }
`;

/** What ran, as `file: conclusion`, sorted. */
function ran(runs: { file: string; conclusion: string; event: string }[]): string[] {
  return runs.map(({ file, conclusion }) => `${file.replace('.github/workflows/', '')}: ${conclusion}`).sort();
}

describe('a push', () => {
  test('starts the workflows whose branches, tags and paths it touches', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/any.yml': says('push'),
        '.github/workflows/main.yml': says('{ push: { branches: [main] } }'),
        '.github/workflows/not-main.yml': says('{ push: { branches-ignore: [main] } }'),
        '.github/workflows/tags.yml': says('{ push: { tags: ["v*"] } }'),
        '.github/workflows/docs.yml': says('{ push: { paths: ["docs/**", "!docs/private/**"] } }'),
        '.github/workflows/code.yml': says('{ push: { paths-ignore: ["docs/**"] } }'),
        '.github/workflows/pull.yml': says('pull_request'),
        '.github/workflows/by-hand.yml': says('workflow_dispatch'),
      },
    });
    const repository = ground.stage.github.repository('acme/apps');
    const runsOf = async (change: () => Promise<unknown>) => {
      ground.runner.runs.length = 0;
      await change();
      await ground.runner.idle();
      return ran(ground.runner.runs).map((line) => line.replace('.yml: success', ''));
    };
    const { 'refs/heads/main': tip = '' } = await repository.refs();
    expect(await runsOf(() => repository.commit('main', { 'docs/a.md': 'a' }, 'docs'))).toEqual([
      'any',
      'docs',
      'main',
    ]);
    expect(await runsOf(() => repository.commit('main', { 'src/a.ts': 'a' }, 'code'))).toEqual(['any', 'code', 'main']);
    expect(await runsOf(() => repository.commit('main', { 'docs/private/a': 'a' }, 'x'))).toEqual(['any', 'main']);
    expect(await runsOf(() => repository.commit('topic', { 'docs/b.md': 'a' }, 'x'))).toEqual([
      'any',
      'docs',
      'not-main',
    ]);
    expect(await runsOf(() => repository.commit('main', { a: 'a' }, 'x\n\n[skip ci]'))).toEqual([]);
    expect(await runsOf(() => repository.setRef('refs/tags/v1', tip))).toEqual(['any', 'code', 'docs', 'tags']);
    expect(await runsOf(() => repository.setRef('refs/heads/topic', null))).toEqual([]);
  });

  test('with a broken workflow runs the others and fails that one with file and line', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/good.yml': says('push'),
        '.github/workflows/bad.yml': 'on: push\njobs:\n  a: 1\n',
      },
    });
    await ground.stage.github.repository('acme/apps').commit('main', { a: '1' }, 'x');
    await ground.runner.idle();
    expect(ran(ground.runner.runs)).toEqual(['bad.yml: failure', 'good.yml: success']);
    expect(ground.runner.problems[0]?.message).toMatch(/^\.github\/workflows\/bad\.yml:3:6: /);
  });
});

describe('other events', () => {
  test('start workflows by their activity, by hand or when a workflow has ended', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/hand.yml': `
name: By hand
${says('{ workflow_dispatch: { inputs: { n: { type: number, default: 3 } } } }', ' ${{ inputs.n }} ${{ github.event.inputs.n }}').trim()}`,
        '.github/workflows/after.yml': says(
          '{ workflow_run: { workflows: [By hand], types: [completed] } }',
          ' ${{ github.event.workflow_run.conclusion }}',
        ),
        '.github/workflows/nightly.yml': says('{ schedule: [{ cron: "0 3 * * *" }] }'),
        '.github/workflows/called.yml': says(
          '{ repository_dispatch: { types: [deploy] } }',
          ' ${{ github.event.client_payload.app }}',
        ),
      },
    });
    const { runner } = ground;
    await runner.dispatch({
      repository: 'acme/apps',
      event: 'workflow_dispatch',
      workflow: 'hand.yml',
      inputs: { n: 7 },
    });
    await runner.idle();
    await runner.dispatch({ repository: 'acme/apps', event: 'schedule', payload: { schedule: '0 3 * * *' } });
    await runner.dispatch({ repository: 'acme/apps', event: 'schedule', payload: { schedule: '0 4 * * *' } });
    const payload = { action: 'deploy', client_payload: { app: 'shop' } };
    await runner.dispatch({ repository: 'acme/apps', event: 'repository_dispatch', payload });
    await runner.dispatch({ repository: 'acme/apps', event: 'repository_dispatch', payload: { action: 'other' } });
    expect(ran(runner.runs)).toEqual([
      'after.yml: success',
      'called.yml: success',
      'hand.yml: success',
      'nightly.yml: success',
    ]);
    expect(ground.log()).toEqual(
      expect.arrayContaining([
        'workflow_dispatch refs/heads/main 7 7',
        'workflow_run refs/heads/main success',
        'schedule refs/heads/main',
        'repository_dispatch refs/heads/main shop',
      ]),
    );
  });

  test.each([
    [{ repository: 'acme/none', event: 'push' }, 'The local stage has no repository "acme/none".'],
    [
      { repository: 'acme/apps', event: 'workflow_dispatch', workflow: 'typo.yml' },
      'acme/apps has no workflow "typo.yml" that workflow_dispatch starts at refs/heads/main. It has: .github/workflows/hand.yml.',
    ],
    [
      { repository: 'acme/apps', event: 'workflow_dispatch', ref: 'nowhere' },
      'No ref found for "nowhere" in acme/apps.',
    ],
    [
      { repository: 'acme/apps', event: 'workflow_dispatch', inputs: { typo: 1 } },
      'Unexpected inputs provided: ["typo"]',
    ],
  ])('that cannot be are errors: %j', async (request, message) => {
    await using ground = await playground({ 'acme/apps': { '.github/workflows/hand.yml': says('workflow_dispatch') } });
    await expect(ground.runner.dispatch(request)).rejects.toThrow(message);
  });
});

describe('a pull request', () => {
  test('runs its merge commit, and its jobs are the required checks that auto-merge waits for', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/test.yml': `
on: { pull_request: { branches: [main] } }
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: "echo $(cat a.txt) on \${{ github.ref }} of \${{ github.head_ref }} to \${{ github.base_ref }}"
`,
        'a.txt': 'old',
      },
    });
    const { stage, runner } = ground;
    const repository = stage.github.repository('acme/apps');
    repository.protect('main', { requiredChecks: ['test'] });
    await repository.commit('topic', { 'a.txt': 'new' }, 'feat: new');
    const response = await fetch(`${stage.apiUrl}/repos/acme/apps/pulls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.token}` },
      body: JSON.stringify({ title: 'New', head: 'topic', base: 'main' }),
    });
    expect(response.status).toBe(201);
    await runner.idle();
    expect(ran(runner.runs)).toEqual(['test.yml: success']);
    expect(ground.log()).toContain('new on refs/pull/1/merge of topic to main');
    const merge = await fetch(`${stage.apiUrl}/repos/acme/apps/pulls/1/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${stage.token}` },
      body: '{}',
    });
    expect(merge.status).toBe(200);
  });
});
