import { parseArgs } from 'node:util';
import { engineEnvironment } from '../engine/environment.js';
import { createRunner, type StageRunner } from '../runner/on-stage.js';
import { type Stage, startStage } from '../stage.js';
import { type Acme, openAcme } from './acme.js';
import { CHANGES } from './changes.js';
import { showNext, showStatus } from './closing.js';
import { type Change, mergePullRequest, openPullRequest } from './people.js';
import { Progress } from './progress.js';
import { showResults } from './results.js';
import { Terminal } from './terminal.js';

/**
 * Plays the release path on a stage of its own: merges two pull requests in a sample apps repository and shows what the
 * project's own workflows make of them.
 *
 * @param args `--keep` leaves the stage up until Ctrl-C
 * @returns exit code: 1 when a workflow run failed
 */
export async function demo(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { keep: { type: 'boolean', default: false } } });
  const started = performance.now();
  const terminal = new Terminal();
  await using stage = await startStage();
  await using runner = await createRunner(stage, { reporter: new Progress(terminal) });
  const acme = await openAcme(stage, runner);
  await introduce(terminal, stage);
  for (const [index, change] of CHANGES.entries()) {
    await play(terminal, { stage, runner, acme, change, number: index + 1 });
  }
  if (hasFailed(terminal, runner)) {
    return 1;
  }
  await showStatus(terminal, stage, acme);
  const seconds = Math.round((performance.now() - started) / 1000);
  terminal.line(
    terminal.paint('dim', `Played in ${seconds} s, with ${stage.github.requests.length} requests to GitHub.`),
  );
  await showNext(terminal, stage, acme, values.keep);
  if (values.keep) {
    await untilEnded();
  }
  return 0;
}

async function introduce(terminal: Terminal, stage: Stage): Promise<void> {
  terminal.line(terminal.paint('bold', 'oStack Actions: from a merged pull request to running versions'));
  terminal.line();
  terminal.line(
    'Everything happens on this machine: a GitHub over real git repositories, a registry, and a runner that',
  );
  terminal.line("executes this project's own workflows and bundles. Acme has two repositories, apps and ops.");
  terminal.line(terminal.paint('dim', `GitHub ${stage.serverUrl}   registry ${stage.registry}`));
  const { announced } = await engineEnvironment();
  if (announced !== undefined) {
    terminal.line(terminal.paint('yellow', announced));
  }
}

interface Scene {
  stage: Stage;
  runner: StageRunner;
  acme: Acme;
  change: Change;
  number: number;
}

async function play(terminal: Terminal, { stage, runner, acme, change, number }: Scene): Promise<void> {
  const pull = await openPullRequest(stage, acme.apps, change);
  const heading = terminal.paint('bold', `${number}. ${change.author} merges "${change.title}"`);
  terminal.line();
  terminal.line(`${heading} ${terminal.paint('dim', `acme/apps#${pull.number}`)}`);
  await mergePullRequest(stage, acme.apps, change.author, pull);
  await runner.idle();
  const run = runner.runs.at(-1);
  if (run !== undefined) {
    showResults(terminal, run);
  }
}

/** Whether anything went wrong, or nothing ran at all; says what. */
function hasFailed(terminal: Terminal, runner: StageRunner): boolean {
  const problems = runner.problems.map(({ message }) => message);
  const failed = runner.runs.filter(({ conclusion }) => conclusion !== 'success');
  problems.push(...failed.map((run) => `${run.workflow} #${run.number} in ${run.repository}: ${run.conclusion}`));
  if (runner.runs.length < CHANGES.length) {
    problems.push(`${CHANGES.length} pull requests were merged, but ${runner.runs.length} workflow runs started.`);
  }
  for (const problem of problems) {
    terminal.line(terminal.paint('red', problem));
  }
  return problems.length > 0;
}

function untilEnded(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGTERM', () => done());
    process.once('SIGINT', () => done());
  });
}
