// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { crc32, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { RunnerEvent } from '../../../src/local/runner/events.js';
import { at, rest } from '../github/support.js';
import { type Playground, playground } from './support.js';

const app = '/repos/acme/apps';
const says = (on: string, text: string) => `
name: ${text.split(' ')[0]}
on: ${on}
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "echo ${text}" }] } }
`;
const facts = (name: string) =>
  `said ${['action', 'workflow_run.event', 'workflow_run.head_branch', 'workflow_run.run_attempt'].map((key) => `\${{ github.event.${key} }}`).join(' ')} of ${name} at \${{ github.ref }}`;

const ask = (ground: Playground, target: string, body?: object, token?: string) =>
  rest(ground.stage, target.replace(' ', ` ${app}`), body, token);

/** Lines of the log that begin with a word. */
const lines = (ground: Playground, word: string) =>
  ground
    .log()
    .filter((line) => line.startsWith(word))
    .sort();

describe('workflow_run', () => {
  test('hears of a run that is requested, that starts and that has ended, on the default branch', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/check.yml': says('{ pull_request: {}, merge_group: {} }', 'check'),
        '.github/workflows/gate.yml': says('{ workflow_run: { workflows: [check] } }', facts('check')),
      },
    });
    const repository = ground.stage.github.repository('acme/apps');
    await repository.commit(
      'topic',
      { '.github/workflows/gate.yml': says('{ workflow_run: { workflows: [check] } }', 'said forged') },
      'x',
    );
    await ask(ground, 'POST /pulls', { title: 'X', head: 'topic', base: 'main' });
    await ground.runner.idle();
    const main = 'of check at refs/heads/main';
    expect(lines(ground, 'said')).toEqual([
      `said completed pull_request topic 1 ${main}`,
      `said in_progress pull_request topic 1 ${main}`,
      `said requested pull_request topic 1 ${main}`,
    ]);
    const { 'refs/heads/main': tip } = await repository.refs();
    const gates = ground.runner.runs.filter(({ event }) => event === 'workflow_run');
    expect(new Set(gates.map(({ sha }) => sha))).toEqual(new Set([tip]));
    const { body } = await ask(ground, `GET /commits/${tip}/check-runs?filter=all`);
    expect(body).toMatchObject({ total_count: 3 });
  });
});

describe('a run', () => {
  test('says which workflow of which branch ran for whom, and which workflows it called', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/release.yml': `
name: Release
on: { push: { tags: ["v*"] }, workflow_dispatch: {} }
jobs: { call: { uses: ostack/actions/.github/workflows/shared.yml@v1 } }
`,
      },
      'ostack/actions': {
        '.github/workflows/shared.yml':
          'on: workflow_call\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n',
      },
    });
    const { stage, runner } = ground;
    const [repository, shelf] = [stage.github.repository('acme/apps'), stage.github.repository('ostack/actions')];
    const shelved = (await shelf.refs())['refs/heads/main'] ?? '';
    await shelf.setRef('refs/tags/v1', shelved);
    const tip = (await repository.refs())['refs/heads/main'] ?? '';
    await repository.setRef('refs/tags/v1.0.0', tip);
    await runner.idle();
    const ada = stage.github.issueToken({ actor: 'ada' });
    await ask(ground, 'POST /actions/workflows/release.yml/dispatches', { ref: 'main' }, ada);
    await runner.idle();
    const list = async (query: string) => (await ask(ground, `GET /actions/runs?${query}`)).body;
    const common = { path: '.github/workflows/release.yml', head_sha: tip, status: 'completed', run_attempt: 1 };
    expect(await list(`head_sha=${tip}&event=push`)).toMatchObject({
      total_count: 1,
      workflow_runs: [
        {
          ...common,
          head_branch: 'v1.0.0',
          conclusion: 'success',
          referenced_workflows: [
            { path: 'ostack/actions/.github/workflows/shared.yml@v1', sha: shelved, ref: 'refs/tags/v1' },
          ],
        },
      ],
    });
    expect(await list('actor=ada&branch=main')).toMatchObject({
      total_count: 1,
      workflow_runs: [{ ...common, event: 'workflow_dispatch', actor: { login: 'ada' }, name: 'Release' }],
    });
    expect(await list('event=schedule')).toMatchObject({ total_count: 0 });
    const named = (await ask(ground, 'GET /actions/workflows/release.yml/runs?status=success')).body;
    expect(named).toMatchObject({ total_count: 2 });
    const jobs = (await ask(ground, `GET /actions/runs/${at(named, 'workflow_runs', 0, 'id')}/jobs`)).body;
    expect(jobs).toMatchObject({ total_count: 1, jobs: [{ name: 'call / a', conclusion: 'success', run_attempt: 1 }] });
  });

  test('that is run again keeps its commit, its event and its actor, and says that it is another attempt', async () => {
    const text = 'said ${{ github.run_attempt }} ${{ github.sha }} ${{ github.actor }} ${{ github.triggering_actor }}';
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/hand.yml': says('workflow_dispatch', text.replace('said', 'hand')),
        '.github/workflows/after.yml': says('{ workflow_run: { workflows: [hand] } }', facts('hand')),
      },
    });
    const { stage, runner } = ground;
    const repository = stage.github.repository('acme/apps');
    const old = (await repository.refs())['refs/heads/main'] ?? '';
    const [ada, eve] = ['ada', 'eve'].map((actor) => stage.github.issueToken({ actor }));
    await ask(ground, 'POST /actions/workflows/hand.yml/dispatches', { ref: 'main' }, ada);
    await runner.idle();
    await repository.commit('main', { '.github/workflows/hand.yml': says('workflow_dispatch', 'hand new') }, 'x');
    const run = at((await ask(ground, 'GET /actions/runs?event=workflow_dispatch')).body, 'workflow_runs', 0, 'id');
    expect((await ask(ground, `POST /actions/runs/${run}/rerun`, undefined, eve)).status).toBe(201);
    await runner.idle();
    expect(lines(ground, 'hand')).toEqual([`hand 1 ${old} ada ada`, `hand 2 ${old} ada eve`]);
    expect((await ask(ground, `GET /actions/runs/${run}`)).body).toMatchObject({
      run_attempt: 2,
      head_sha: old,
      actor: { login: 'ada' },
      triggering_actor: { login: 'eve' },
    });
    expect((await ask(ground, `GET /actions/runs/${run}/attempts/1`)).body).toMatchObject({
      run_attempt: 1,
      triggering_actor: { login: 'ada' },
    });
    const heard = lines(ground, 'said').map((line) => line.replace(/ of .*/, ''));
    expect(heard).toEqual([
      'said completed workflow_dispatch main 1',
      'said completed workflow_dispatch main 2',
      'said in_progress workflow_dispatch main 1',
      'said in_progress workflow_dispatch main 2',
      'said requested workflow_dispatch main 1',
    ]);
  });

  test('runs again what failed and what needs that, with what the rest came to, a called workflow and a matrix among it', async () => {
    const says = (word: string, more = '') =>
      `{ runs-on: ubuntu-latest, ${more} steps: [{ run: "echo did ${word} \${{ github.run_attempt }}" }] }`;
    const fails =
      'steps: [{ run: "echo did fails-${{ matrix.on }} ${{ github.run_attempt }}; test ${{ github.run_attempt }}${{ matrix.on }} != 1b" }]';
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/hand.yml': `
on: workflow_dispatch
jobs:
  first: { runs-on: ubuntu-latest, outputs: { made: "\${{ steps.a.outputs.made }}" }, steps: [{ id: a, run: "echo did first \${{ github.run_attempt }}; echo made=it >> $GITHUB_OUTPUT" }] }
  called: { needs: first, uses: ./.github/workflows/called.yml }
  fails: { needs: called, strategy: { fail-fast: false, matrix: { on: [a, b] } }, runs-on: ubuntu-latest, ${fails} }
  after: ${says('after-${{ needs.first.outputs.made }}', 'needs: [first, fails],')}
  sweeps: ${says('sweeps', 'needs: fails, if: failure(),')}
  beside: ${says('beside', 'needs: first,')}
  never: ${says('never', 'if: false,')}
`,
        '.github/workflows/called.yml': `on: workflow_call\njobs: { inner: ${says('inner')} }\n`,
      },
    });
    await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    const run = at((await ask(ground, 'GET /actions/runs')).body, 'workflow_runs', 0, 'id');
    expect(lines(ground, 'did').map((line) => line.slice(4))).toEqual([
      ...['beside 1', 'fails-a 1', 'fails-b 1', 'first 1', 'inner 1', 'sweeps 1'],
    ]);
    expect((await ask(ground, `POST /actions/runs/${run}/rerun-failed-jobs`)).status).toBe(201);
    await ground.runner.idle();
    expect(lines(ground, 'did').filter((line) => line.endsWith(' 2'))).toEqual(['did after-it 2', 'did fails-b 2']);
    const { body } = await ask(ground, `GET /actions/runs/${run}/jobs`);
    const jobs = Array.from({ length: Number(at(body, 'total_count')) }, (_, index) =>
      ['name', 'conclusion'].map((key) => at(body, 'jobs', index, key)).join(': '),
    );
    expect(jobs.sort()).toEqual([
      ...['after: success', 'beside: success', 'called / inner: success', 'fails (a): success', 'fails (b): success'],
      ...['first: success', 'never: skipped', 'sweeps: skipped'],
    ]);
    expect((await ask(ground, `POST /actions/runs/${run}/rerun-failed-jobs`)).status).toBe(403);
  });

  test('is not run again by a token that may not, and one that never was is not found', async () => {
    await using ground = await playground({
      'acme/apps': { '.github/workflows/hand.yml': says('workflow_dispatch', 'hand') },
    });
    const { stage, runner } = ground;
    await runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    const run = at((await ask(ground, 'GET /actions/runs')).body, 'workflow_runs', 0, 'id');
    const reader = stage.github.issueToken({ actor: 'eve[bot]', permissions: { actions: 'read' } });
    expect((await ask(ground, `POST /actions/runs/${run}/rerun`, undefined, reader)).status).toBe(403);
    expect((await ask(ground, 'POST /actions/runs/1/rerun')).status).toBe(404);
    expect((await ask(ground, 'POST /actions/runs/1/rerun-failed-jobs')).status).toBe(404);
  });
});

describe('a run that somebody with write access cancels', () => {
  const SLOW = `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: sleep 60
      - if: always()
        run: echo last step
  b: { needs: a, if: always(), runs-on: ubuntu-latest, steps: [{ run: echo next job }] }
`;
  test.each<[string, string[]]>([
    ['cancel', ['last step', 'next job']],
    ['force-cancel', []],
  ])('by %s is cancelled, with what runs all the same', async (route, said) => {
    await using ground = await playground({ 'acme/apps': { '.github/workflows/a.yml': SLOW } });
    const { stage, runner } = ground;
    const eve = stage.github.issueToken({ actor: 'eve' });
    const running = new Promise<number>((resolve) => {
      const report = (event: RunnerEvent) => (event.type === 'step-started' ? resolve(event.run.id) : undefined);
      runner.runner.follow({ report });
    });
    const result = runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    const run = await running;
    expect((await ask(ground, `POST /actions/runs/${run}/${route}`, undefined, eve)).status).toBe(202);
    expect((await result).map(({ conclusion }) => conclusion)).toEqual(['cancelled']);
    expect(ground.log().filter((line) => /^(last step|next job)$/.test(line))).toEqual(said);
    expect((await ask(ground, `POST /actions/runs/${run}/${route}`, undefined, eve)).status).toBe(409);
  });
});

describe('an artifact', () => {
  test('is listed by its run, read as an archive, deleted, and uploaded again as another one', async () => {
    const upload = '{ uses: actions/upload-artifact@v7, with: { name: release, path: a.txt } }';
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/a.yml': `
on: workflow_dispatch
jobs:
  a:
    permissions: { actions: write }
    runs-on: ubuntu-latest
    steps:
      - run: echo one > a.txt
      - ${upload}
      - env: { TOKEN: "\${{ github.token }}" }
        run: |
          url="$GITHUB_API_URL/repos/acme/apps/actions"
          id=$(curl -s -H "Authorization: Bearer $TOKEN" "$url/runs/$GITHUB_RUN_ID/artifacts" | grep -o '"id":[0-9]*' | head -1 | cut -d: -f2)
          curl -s -X DELETE -H "Authorization: Bearer $TOKEN" "$url/artifacts/$id"
          echo two > a.txt
          echo "deleted $id"
      - ${upload}
`,
      },
    });
    const [run] = await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    expect(run?.jobs[0]?.annotations).toEqual([]);
    const first = Number(lines(ground, 'deleted')[0]?.split(' ')[1]);
    const { body } = await ask(ground, `GET /actions/runs/${run?.id}/artifacts`);
    expect(body).toMatchObject({
      total_count: 1,
      artifacts: [
        {
          name: 'release',
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          workflow_run: { id: run?.id, head_branch: 'main' },
        },
      ],
    });
    const id = at(body, 'artifacts', 0, 'id');
    expect(Number(id)).toBeGreaterThan(first);
    expect((await ask(ground, `GET /actions/artifacts/${first}`)).status).toBe(404);
    const archive = await fetch(`${ground.stage.apiUrl}${app}/actions/artifacts/${id}/zip`, {
      headers: { authorization: `Bearer ${ground.stage.token}` },
    });
    expect(fileOf(Buffer.from(await archive.arrayBuffer()), 'a.txt').trim()).toBe('two');
  });
});

/** A file of a zip archive, found by the directory at its end: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function fileOf(archive: Buffer, wanted: string): string {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, name] = [archive.readUInt16LE(at + 10), archive.readUInt16LE(at + 28)];
    const [crc, size] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20)];
    const more = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    if (archive.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const local = archive.readUInt32LE(at + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const packed = archive.subarray(start, start + size);
      const content = method === 8 ? inflateRawSync(packed) : packed;
      expect(crc32(content)).toBe(crc);
      return content.toString('utf8');
    }
    at += 46 + name + more;
  }
  throw new Error(`The archive has no ${wanted}.`);
}

test('no event starts a workflow that somebody disabled', async () => {
  await using ground = await playground({
    'acme/apps': {
      '.github/workflows/on.yml': says('push', 'on'),
      '.github/workflows/off.yml': says('push', 'off'),
    },
  });
  await ask(ground, 'PUT /actions/workflows/off.yml/disable');
  await ground.stage.github.repository('acme/apps').commit('main', { a: 'a\n' }, 'x');
  await ground.runner.idle();
  expect([lines(ground, 'on'), lines(ground, 'off')]).toEqual([['on'], []]);
});
