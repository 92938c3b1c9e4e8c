// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { type Playground, playground } from './support.js';

/** What a job is given, said in its log. */
const tell = `echo "$GITHUB_EVENT_NAME on \${{ github.ref }} secret=[\${{ secrets.KEY }}] var=[\${{ vars.NAME }}] by \${{ github.actor }}"`;

const seen = (on: string, permissions = 'write-all') => `
name: Seen
on: ${on}
permissions: ${permissions}
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: '${tell}' }] } }
`;

/** A public repository with workflows, secrets and variables, and a fork with one commit more. */
async function withFork(files: Record<string, string>, change: Record<string, string> = { 'b.txt': 'from outside' }) {
  const ground = await playground({});
  const { github } = ground.stage;
  const options = { private: false, allowAutoMerge: true };
  const repository = await github.createRepository('acme/open', { files }, options);
  const fork = await github.fork('acme/open', 'mallory/open');
  ground.runner.secrets.set('acme', { KEY: 'hush' });
  ground.runner.vars.set('acme', { NAME: 'value' });
  await fork.commit('topic', change, 'feat: from outside');
  await ground.runner.idle();
  return { ground, repository, fork };
}

async function ask(ground: Playground, target: string, body: unknown, token = ground.stage.token) {
  const [method = 'POST', path = ''] = target.split(' ');
  const response = await fetch(`${ground.stage.apiUrl}/repos/acme/open${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
  await ground.runner.idle();
}

/** Opens the fork's pull request as its owner, who has no rights on the repository. */
async function open(ground: Playground): Promise<void> {
  const token = ground.stage.github.issueToken({ actor: 'mallory', repositories: ['mallory/open'] });
  await ask(ground, 'POST /pulls', { title: 'Topic', head: 'mallory:topic', base: 'main' }, token);
}

describe('a pull request from a fork', () => {
  test('runs at its merge ref with no secret, no variable and a token that only reads', async () => {
    const { ground } = await withFork({ '.github/workflows/a.yml': seen('pull_request') });
    await using _ground = ground;
    await open(ground);
    expect(ground.log()).toContain('pull_request on refs/pull/1/merge secret=[] var=[] by mallory');
    const permissions = ground.log().filter((line) => /^[a-z_]+: (read|write)$/.test(line));
    expect(permissions).toContain('contents: read');
    expect(permissions.filter((line) => line.endsWith('write') || line.startsWith('id_token'))).toEqual([]);
  });

  test('gives no secret to a reusable workflow either, by name or inherited', async () => {
    const called = `
on: { workflow_call: { secrets: { KEY: { required: true } } } }
jobs: { b: { runs-on: ubuntu-latest, steps: [{ run: 'echo "called secret=[\${{ secrets.KEY }}]"' }] } }
`;
    const { ground } = await withFork({
      '.github/workflows/called.yml': called,
      '.github/workflows/a.yml': `
on: pull_request
jobs:
  named: { uses: ./.github/workflows/called.yml, secrets: { KEY: "\${{ secrets.KEY }}" } }
  inherited: { uses: ./.github/workflows/called.yml, secrets: inherit }
`,
    });
    await using _ground = ground;
    await open(ground);
    expect(ground.log().filter((line) => line.startsWith('called'))).toEqual(Array(2).fill('called secret=[]'));
  });

  test('runs the workflow files of the fork, which is why it gets nothing', async () => {
    const { ground } = await withFork(
      { '.github/workflows/a.yml': seen('pull_request') },
      { '.github/workflows/b.yml': `${seen('pull_request').replace('Seen', 'Theirs')}` },
    );
    await using _ground = ground;
    await open(ground);
    expect(ground.runner.runs.map(({ workflow, conclusion }) => `${workflow}: ${conclusion}`).sort()).toEqual([
      'Seen: success',
      'Theirs: success',
    ]);
    expect(ground.log().filter((line) => line.includes('hush') || line.includes('value'))).toEqual([]);
  });

  test('does not start the workflows of the fork in the fork', async () => {
    const { ground } = await withFork({ '.github/workflows/a.yml': seen('push') });
    await using _ground = ground;
    expect(ground.runner.runs).toEqual([]);
  });

  test('runs pull_request_target at the base, with its files and secrets, for every activity that is asked for', async () => {
    const { ground, fork } = await withFork(
      { '.github/workflows/a.yml': seen('{ pull_request_target: { types: [labeled, closed] } }') },
      { '.github/workflows/a.yml': 'on: pull_request_target\njobs: {}\n' },
    );
    await using _ground = ground;
    await open(ground);
    await ask(ground, 'POST /issues/1/labels', { labels: ['preview'] });
    await fork.commit('topic', { c: '1' }, 'fix: more');
    await ask(ground, 'PATCH /pulls/1', { state: 'closed' });
    await ask(ground, 'PATCH /pulls/1', { state: 'open' });
    const lines = ground.log().filter((line) => line.startsWith('pull_request_target'));
    expect(lines).toEqual(Array(2).fill('pull_request_target on refs/heads/main secret=[***] var=[value] by octocat'));
  });

  test('starts workflow_run of the base with secrets, which learns where it came from', async () => {
    const { ground, fork } = await withFork({
      '.github/workflows/a.yml': seen('pull_request'),
      '.github/workflows/b.yml': `
on: { workflow_run: { workflows: [Seen], types: [completed] } }
jobs:
  b:
    runs-on: ubuntu-latest
    steps:
      - run: '${tell}'
      - env: { RUN: "\${{ toJSON(github.event.workflow_run) }}" }
        run: |
          node -e 'const r = JSON.parse(process.env.RUN); console.log("RUN " + [r.event, r.conclusion, r.head_branch, r.head_sha, r.head_repository.full_name, r.head_repository.fork, r.pull_requests.length].join(" "))'
`,
    });
    await using _ground = ground;
    await open(ground);
    const tip = (await fork.refs())['refs/heads/topic'];
    expect(ground.log()).toEqual(
      expect.arrayContaining([
        'workflow_run on refs/heads/main secret=[***] var=[value] by mallory',
        `RUN pull_request success topic ${tip} mallory/open true 0`,
      ]),
    );
  });

  test('of the repository itself gets secrets, and workflow_run has its number', async () => {
    const { ground, repository } = await withFork({
      '.github/workflows/a.yml': seen('pull_request'),
      '.github/workflows/b.yml': `
on: { workflow_run: { workflows: [Seen], types: [completed] } }
jobs: { b: { runs-on: ubuntu-latest, steps: [{ run: 'echo "number \${{ github.event.workflow_run.pull_requests[0].number }}"' }] } }
`,
    });
    await using _ground = ground;
    await repository.commit('inside', { c: '1' }, 'feat: from inside');
    await ask(ground, 'POST /pulls', { title: 'Inside', head: 'inside', base: 'main' });
    expect(ground.log()).toEqual(
      expect.arrayContaining(['pull_request on refs/pull/1/merge secret=[***] var=[value] by octocat', 'number 1']),
    );
  });
});

test('what a fork’s run built reaches a trusted run as data, for the commit it was built from', async () => {
  const { ground, fork } = await withFork(
    {
      '.github/workflows/a.yml': `
name: Build
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: cp b.txt image.tar
      - { uses: actions/upload-artifact@v7, with: { name: image, path: image.tar } }
`,
      '.github/workflows/b.yml': `
on: { workflow_run: { workflows: [Build], types: [completed] } }
jobs:
  b:
    if: github.event.workflow_run.conclusion == 'success'
    permissions: { actions: read }
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with: { name: image, path: data, run-id: "\${{ github.event.workflow_run.id }}", github-token: "\${{ github.token }}" }
      - env: { KEY: "\${{ secrets.KEY }}", HEAD: "\${{ github.event.workflow_run.head_sha }}" }
        run: echo "push $(ls data) $(cat data/image.tar) of $HEAD with a key of \${#KEY} letters"
`,
    },
    { 'b.txt': 'layers' },
  );
  await using _ground = ground;
  await open(ground);
  const { 'refs/heads/topic': tip } = await fork.refs();
  expect(ground.log()).toContain(`push image.tar layers of ${tip} with a key of 4 letters`);
  expect(ground.log()).toContain(
    'The pull request comes from a fork: no secrets, no variables, and a token that only reads.',
  );
});

describe('a fork’s code is not checked out where there are secrets', () => {
  const workflow = (on: string, inputs: string) => `
on: ${on}
jobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v7, with: { ${inputs} } }] } }
`;

  test.each([
    ['the head commit', 'ref: "${{ github.event.pull_request.head.sha }}"', false],
    ['the merge ref', 'ref: refs/pull/1/merge', false],
    ['the fork', 'repository: mallory/open', false],
    ['the base', 'persist-credentials: false', true],
    ['with allow-unsafe-pr-checkout', 'ref: refs/pull/1/head, allow-unsafe-pr-checkout: true', true],
  ])('with pull_request_target: %s', async (_name, inputs, allowed) => {
    const { ground } = await withFork({ '.github/workflows/a.yml': workflow('pull_request_target', inputs) });
    await using _ground = ground;
    await open(ground);
    const [run] = ground.runner.runs;
    expect(run?.conclusion).toBe(allowed ? 'success' : 'failure');
    expect(run?.jobs[0]?.annotations[0]?.message ?? '').toMatch(allowed ? /^$/ : /^Refusing to check out fork/);
  });

  test('with workflow_run', async () => {
    const { ground } = await withFork({
      '.github/workflows/a.yml': seen('pull_request'),
      '.github/workflows/b.yml': workflow(
        '{ workflow_run: { workflows: [Seen], types: [completed] } }',
        'ref: "${{ github.event.workflow_run.head_sha }}"',
      ),
    });
    await using _ground = ground;
    await open(ground);
    const run = ground.runner.runs.find(({ event }) => event === 'workflow_run');
    expect(run?.jobs[0]?.annotations[0]?.message).toMatch(/^Refusing to check out fork .* from a 'workflow_run'/);
  });
});
