import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../infra/tool/run-program.js';
import { withoutStep } from '../../runtime/step-environment.js';
import type { Stage } from '../stage.js';
import { starter } from '../starter.js';
import type { Step } from './definitions.js';
import { openPullRequest, type Pull, readComments } from './people.js';
import { showComment } from './results.js';
import type { Terminal } from './terminal.js';

const NODES = 'resource "terraform_data" "cluster" {\n  input = "3 nodes"\n}\n';
const DATABASE = 'resource "terraform_data" "database" {\n  input = "orders"\n}\n';

/**
 * The scene of the third repository: a pull request that gives a cluster a node and loses its database, which its plan says first.
 * Where the machine has no tofu, one sentence says so.
 */
export async function playInfra(terminal: Terminal, stage: Stage, step: Step): Promise<void> {
  terminal.line();
  if ((await tofu(tmpdir(), 'version')) !== 0) {
    terminal.line('Plans of infrastructure are left out here, because this machine has no tofu.');
    return;
  }
  terminal.line(terminal.paint('bold', 'Acme has its cluster in a third repository'));
  const states = await mkdtemp(join(tmpdir(), 'ostack-demo-'));
  try {
    const backend = `terraform {\n  backend "local" {\n    path = ${JSON.stringify(join(states, 'cluster'))}\n  }\n}\n`;
    await applyByHand(join(states, 'by-hand'), `${backend}${NODES}${DATABASE}`);
    const infra = await stage.github.createRepository('acme/infra', {
      files: {
        'ostack.yaml': 'roots: { cluster: {} }\nstateful: [terraform_data]\n',
        '.github/workflows/plan.yml': await starter('infra/plan'),
        'cluster/main.tf': `${backend}${NODES}`,
        'cluster/database.tf': DATABASE,
      },
    });
    let pull: Pull | undefined;
    await step('ivan opens a pull request in infra, "A fourth node", and it is planned', async () => {
      pull = await openPullRequest(stage, infra, {
        ...{ author: 'ivan', title: 'A fourth node', branch: 'fourth-node' },
        edits: {
          'cluster/main.tf': (text) => text.replace('3 nodes', '4 nodes'),
          'cluster/database.tf': () => '# moved to the other cluster\n',
        },
      });
    });
    for (const body of pull === undefined ? [] : await readComments(stage, infra, pull)) {
      showComment(terminal, 'github-actions', body);
    }
    terminal.line('    The plan says first what is lost: the gate asks those who are named for losses.');
  } finally {
    await rm(states, { recursive: true, force: true });
  }
}

/** What somebody applied before the story begins. */
async function applyByHand(folder: string, text: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'main.tf'), text);
  for (const args of [['init'], ['apply', '-auto-approve']]) {
    const exitCode = await tofu(folder, ...args, '-input=false');
    if (exitCode !== 0) {
      throw new Error(`tofu ${args[0]} ended with ${exitCode} in ${folder}.`);
    }
  }
}

async function tofu(cwd: string, ...args: string[]): Promise<number | undefined> {
  const { exitCode } = await runProgram({ file: 'tofu', args, cwd, env: withoutStep(process.env) });
  return exitCode;
}
