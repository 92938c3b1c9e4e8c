/** Pull requests that change some roots of an infra repository: our plan beside the tool alone, on one stage. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { backend, type InfraPullRequest, InfraRepository } from '../../test/infra-tools/support/infra-repository.js';
import { clone } from '../../test/support/git.js';

const run = promisify(execFile);

/** What is measured of one way. */
interface Measure {
  requests: number;
  bytes: number;
  milliseconds: number;
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `root-${index}`);
const main = (states: string, name: string, input: string) =>
  `${backend(join(states, name))}resource "terraform_data" "x" {\n  input = "${input}"\n}\n`;

/**
 * Measures both ways for pull requests of 1 root and of all.
 *
 * @returns Markdown; one sentence where there is no tofu
 */
export async function infraReport(count: number, runs: number): Promise<string> {
  const isThere = await run('tofu', ['version']).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    return 'Plans of infrastructure are not measured, because tofu is not on the PATH: `.ci/with-infra npm run bench -- --infra 10`.';
  }
  const lines: string[] = [];
  for (const roots of [...new Set([1, count])]) {
    await using infra = await InfraRepository.of((states) =>
      Object.fromEntries(names(roots).map((name) => [`${name}/main.tf`, main(states, name, 'one')])),
    );
    const pull = await infra.propose(
      'two',
      Object.fromEntries(names(roots).map((name) => [`${name}/main.tf`, main(infra.states, name, 'two')])),
    );
    const ours = await best(infra, runs, async () => {
      const { exitCode, stderr } = await infra.plan(pull);
      if (exitCode !== 0) {
        throw new Error(stderr);
      }
    });
    const tool = await best(infra, runs, () => withToolAlone(infra, pull, names(roots)));
    lines.push(line(roots, ours, tool));
  }
  return [
    '| roots | requests, ours | tool alone | kB, ours | tool alone | seconds a root, ours | tool alone |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
    `Best of ${runs} runs each. Both check out and make a plan of each root; ours also finds the roots, takes secrets out, writes a check run a root and the comment.`,
  ].join('\n');
}

/** What a workflow without us does. */
async function withToolAlone(infra: InfraRepository, pull: InfraPullRequest, roots: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-tool-'));
  try {
    await clone(infra.stage, infra.repository, folder, ['--depth=1', `--branch=${pull.branch}`]);
    for (const name of roots) {
      const at = { cwd: join(folder, name) };
      await run('tofu', ['init', '-input=false', '-no-color'], at);
      await run('tofu', ['plan', '-input=false', '-no-color', '-lock=false', '-out=plan'], at);
      await run('tofu', ['show', '-no-color', 'plan'], at);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function best({ stage }: InfraRepository, runs: number, work: () => Promise<void>): Promise<Measure> {
  const all: Measure[] = [];
  for (let count = 0; count < runs; count += 1) {
    const before = stage.github.requests.length;
    const start = performance.now();
    await work();
    const milliseconds = performance.now() - start;
    const requests = stage.github.requests.slice(before);
    all.push({ milliseconds, requests: requests.length, bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0) });
  }
  const [first] = all.sort((one, other) => one.milliseconds - other.milliseconds);
  if (first === undefined) {
    throw new Error(`Nothing was measured: --runs has to be at least 1.`);
  }
  return first;
}

function line(roots: number, ours: Measure, tool: Measure): string {
  const kilobytes = ({ bytes }: Measure) => (bytes / 1024).toFixed(1);
  const seconds = ({ milliseconds }: Measure) => (milliseconds / 1000 / roots).toFixed(2);
  const cells = [roots, ours.requests, tool.requests, kilobytes(ours), kilobytes(tool), seconds(ours), seconds(tool)];
  return `| ${cells.join(' | ')} |`;
}
