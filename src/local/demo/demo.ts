import { parseArgs } from 'node:util';
import { engineEnvironment } from '../engine/environment.js';
import { createRunner, type StageRunner } from '../runner/stage-runner.js';
import { type Stage, startStage } from '../stage.js';
import { type Acme, openAcme } from './acme.js';
import { SCENES, type Scene } from './changes.js';
import { showNext, showStatus } from './closing.js';
import { OPERATIONS, type Operation } from './operations.js';
import {
  mergePullRequest,
  openPullRequest,
  openPullRequests,
  type Pull,
  pushChange,
  readComments,
  runWorkflow,
} from './people.js';
import { Progress } from './progress.js';
import { showComment, showResults } from './results.js';
import { Terminal } from './terminal.js';

/** Who promotes and rolls back. */
const MANAGER = 'olga';

/**
 * Plays all paths on a stage of its own: pull requests in a sample apps repository get their tests and environments, are
 * merged and become releases, and what the project's own workflows make of each step is shown.
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
  const play = new Play(terminal, { stage, runner, acme });
  for (const scene of SCENES) {
    await play.scene(scene);
  }
  for (const operation of OPERATIONS) {
    await play.operate(operation);
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
  terminal.line(terminal.paint('bold', 'oStack Actions: from a pull request to running versions'));
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

interface Set {
  stage: Stage;
  runner: StageRunner;
  acme: Acme;
}

/** What the developers do, one step after the other, each with what comes of it. */
class Play {
  readonly #terminal: Terminal;
  readonly #set: Set;
  #steps = 0;

  constructor(terminal: Terminal, set: Set) {
    this.#terminal = terminal;
    this.#set = set;
  }

  async scene({ change, second }: Scene): Promise<void> {
    const { stage, acme } = this.#set;
    const { author, title } = change;
    const pull = await this.#step(`${author} opens a pull request, "${title}"`, () =>
      openPullRequest(stage, acme.apps, change),
    );
    await this.#showComment(pull);
    if (second !== undefined) {
      await this.#step(`${author} looks at it, and pushes "${second.title}"`, () => pushChange(acme.apps, second));
    }
    await this.#step(`${author} merges it`, () => mergePullRequest(stage, acme.apps, author, pull));
    await this.#showComment(pull);
  }

  /** What the operations managers do in ops, and the developers meanwhile. */
  async operate(operation: Operation): Promise<void> {
    const { stage, acme } = this.#set;
    await this.#step(operation.heading, async () => {
      switch (operation.does) {
        case 'dispatch':
          return runWorkflow(stage, acme.ops, MANAGER, operation.workflow, operation.inputs);
        case 'merge': {
          const pull = (await openPullRequests(stage, acme.ops)).get(operation.branch);
          if (pull === undefined) {
            throw new Error(`No pull request from ${operation.branch} is open.`);
          }
          return mergePullRequest(stage, acme.ops, MANAGER, pull);
        }
        case 'push':
          return pushChange(acme.apps, operation.change);
      }
    });
  }

  /** Does something, and shows what the workflows make of it. */
  async #step<T>(heading: string, act: () => Promise<T>): Promise<T> {
    const { runner } = this.#set;
    this.#steps += 1;
    this.#terminal.line();
    this.#terminal.line(this.#terminal.paint('bold', `${this.#steps}. ${heading}`));
    const before = runner.runs.length;
    const result = await act();
    await runner.idle();
    for (const run of runner.runs.slice(before)) {
      showResults(this.#terminal, run);
    }
    return result;
  }

  async #showComment(pull: Pull): Promise<void> {
    const { stage, acme } = this.#set;
    for (const body of await readComments(stage, acme.apps, pull)) {
      showComment(this.#terminal, 'github-actions', body);
    }
  }
}

/** Whether anything went wrong, or nothing ran at all; says what. */
function hasFailed(terminal: Terminal, runner: StageRunner): boolean {
  const problems = runner.problems.map(({ message }) => message);
  const failed = runner.runs.filter(({ conclusion }) => conclusion !== 'success');
  problems.push(...failed.map((run) => `${run.workflow} #${run.number} in ${run.repository}: ${run.conclusion}`));
  const releases = runner.runs.filter(({ workflow }) => workflow === 'Release').length;
  if (releases < SCENES.length) {
    problems.push(`${SCENES.length} pull requests were merged, but ${releases} runs of Release started.`);
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
