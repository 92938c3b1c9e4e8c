// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { conclusions, playground, runWorkflow } from './support.js';

const upload = 'uses: actions/upload-artifact@v7';
const download = 'uses: actions/download-artifact@v8';

/** Runs the steps of two jobs, the second after the first. */
const twoJobs = (first: string, second: string) =>
  runWorkflow(`
on: workflow_dispatch
jobs:
  first:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/deep .hidden && echo one > out/1.txt && echo two > out/deep/2.txt && echo x > out/.secret && echo log > a.log
${first}
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
${second}
`);

describe('artifacts', () => {
  test('go from one job to another, a folder without its own name and without hidden files', async () => {
    const { run, log } = await twoJobs(
      `      - { id: up, ${upload}, with: { name: build, path: out } }
      - run: echo "id \${{ steps.up.outputs.artifact-id }} digest \${{ steps.up.outputs.artifact-digest }} url \${{ steps.up.outputs.artifact-url }}"`,
      `      - { id: down, ${download}, with: { name: build, path: got } }
      - run: cd got && find . -type f | sort | xargs echo "files"
      - run: echo "at \${{ steps.down.outputs.download-path }}"`,
    );
    expect(conclusions(run)).toEqual({ first: 'success', second: 'success' });
    expect(log).toContain('files ./1.txt ./deep/2.txt');
    expect(log.find((line) => line.startsWith('id '))).toMatch(
      /^id (\d+) digest [0-9a-f]{64} url http:.*\/acme\/apps\/actions\/runs\/\d+\/artifacts\/\1$/,
    );
    expect(log.find((line) => line.startsWith('at '))).toMatch(/\/got$/);
  });

  test('take patterns, several lines and exclusions, from their last common folder', async () => {
    const { log } = await twoJobs(
      `      - { ${upload}, with: { name: many, path: "out/**/*.txt\\n*.log\\n!out/1.txt" } }
      - { ${upload}, with: { name: one, path: a.log } }`,
      `      - { ${download} }
      - run: find . -type f | sort | xargs echo "apart"
      - { ${download}, with: { pattern: "m*", merge-multiple: true, path: merged } }
      - run: cd merged && find . -type f | sort | xargs echo "merged"`,
    );
    expect(log).toEqual(
      expect.arrayContaining([
        'apart ./many/a.log ./many/out/deep/2.txt ./one/a.log',
        'merged ./a.log ./out/deep/2.txt',
      ]),
    );
  });

  test.each([
    ['a second one of the same name', `{ ${upload}, with: { name: a, path: a.log } }`, /\(409\) Conflict/],
    [
      'a name that is none',
      `{ ${upload}, with: { name: "a/b", path: a.log } }`,
      /Contains the following character: \//,
    ],
    [
      'nothing found, where that is an error',
      `{ ${upload}, with: { name: b, path: none, if-no-files-found: error } }`,
      /No files were found/,
    ],
    [
      'one that is not there',
      `{ ${download}, with: { name: b } }`,
      /Artifact not found for name: b\. The run has: a\./,
    ],
    [
      'what only the real action can',
      `{ ${upload}, with: { path: a.log, archive: false } }`,
      /does not support "archive: false"/,
    ],
  ])('fail for %s', async (_name, step, message) => {
    const { run } = await twoJobs(
      `      - { ${upload}, with: { name: a, path: a.log } }\n      - ${step}`,
      '      - run: "true"',
    );
    expect(run.jobs[0]?.annotations[0]?.message).toMatch(message);
  });

  test('are replaced where that is asked for, and nothing found is a warning', async () => {
    const { run, log } = await twoJobs(
      `      - { ${upload}, with: { name: a, path: a.log } }
      - { ${upload}, with: { name: a, path: out/1.txt, overwrite: true } }
      - { ${upload}, with: { name: b, path: none } }`,
      `      - { ${download}, with: { name: a } }\n      - run: ls | xargs echo files`,
    );
    expect(log).toContain('files 1.txt');
    expect(run.jobs[0]?.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  test('of another run are read with its id and a token that may', async () => {
    const reader = (permissions: string) => `
on: { workflow_run: { workflows: [Build], types: [completed] } }
permissions: ${permissions}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with: { name: image, run-id: "\${{ github.event.workflow_run.id }}", github-token: "\${{ github.token }}" }
      - run: echo "got $(cat image.txt)"
`;
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/build.yml': `
name: Build
on: workflow_dispatch
jobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: echo layers > image.txt }, { ${upload}, with: { name: image, path: image.txt } }] }
`,
        '.github/workflows/may.yml': reader('{ actions: read }'),
        '.github/workflows/may-not.yml': reader('{ contents: read }'),
      },
    });
    await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    await ground.runner.idle();
    expect(ground.log()).toContain('got layers');
    const refused = ground.runner.runs.find(({ file }) => file.endsWith('may-not.yml'));
    expect(refused?.jobs[0]?.annotations[0]?.message).toMatch(/may not read the artifacts of acme\/apps/);
  });
});
