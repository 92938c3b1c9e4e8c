import { parseArgs } from 'node:util';
import { allDone } from '../all-done.js';
import { engineEnvironment } from '../engine/environment.js';
import { messageOf } from '../runner/errors.js';
import { createRunner, type StageRunner } from '../runner/stage-runner.js';
import { githubLimits, type Stage, startStage, watchedDelays } from '../stage.js';
import { type Acme, gateStarter, openAcme } from './acme.js';
import { PULL_REQUESTS, type PullRequestStep } from './changes.js';
import { playDefinitions, type Step } from './definitions.js';
import { guardOps, withoutRules } from './guard.js';
import { playInfra } from './infra.js';
import { showNext, showStatus } from './next-steps.js';
import { OPERATIONS, type Operation } from './operations.js';
import {
  type Change,
  closePullRequest,
  comment,
  mergePullRequest,
  openPullRequest,
  openPullRequests,
  type Pull,
  pushChange,
  readComments,
  readVerdict,
  runWorkflow,
} from './people.js';
import { showPreviewsBranch } from './previews-branch.js';
import { Progress } from './progress.js';
import { showComment, showRefusal, showRendered, showResults } from './results.js';
import { Terminal } from './terminal.js';

/** Login of the person who promotes and rolls back. */
const MANAGER = 'olga';

/**
 * Shows a delivery from pull request to production on a stage of its own: pull requests in a sample apps repository are
 * tested, previewed, merged and released, and operators promote and roll back. After each step it prints the results of
 * the workflow runs.
 *
 * @param args `--keep` leaves the stage up until Ctrl-C
 * @returns exit code: 1 when a workflow run failed
 */
export async function demo(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { keep: { type: 'boolean', default: false } } });
  const started = performance.now();
  const terminal = new Terminal();
  await using stage = await startStage({ limits: githubLimits, delays: watchedDelays() });
  await using runner = await createRunner(stage, { reporter: new Progress(terminal) });
  const acme = await openAcme(stage, runner);
  await introduce(terminal, stage);
  const demoRun = new DemoRun(terminal, { stage, runner, acme });
  for (const step of PULL_REQUESTS) {
    await demoRun.pullRequest(step);
  }
  for (const operation of OPERATIONS) {
    await demoRun.operate(operation);
  }
  await showStatus(terminal, stage, acme);
  const step: Step = (heading, act) => demoRun.step(heading, act);
  await playDefinitions(terminal, stage, runner, step);
  await playInfra(terminal, stage, step);
  if (hasFailed(terminal, runner)) {
    return 1;
  }
  terminal.line();
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

interface DemoStage {
  stage: Stage;
  runner: StageRunner;
  acme: Acme;
}

/** Runs the steps of the demo and prints the results of each. */
class DemoRun {
  readonly #terminal: Terminal;
  readonly #demo: DemoStage;
  #steps = 0;

  constructor(terminal: Terminal, demo: DemoStage) {
    this.#terminal = terminal;
    this.#demo = demo;
  }

  async pullRequest({ change, says, second }: PullRequestStep): Promise<void> {
    const { stage, acme } = this.#demo;
    const { author, title } = change;
    const pull = await this.step(`${author} opens a pull request, "${title}"`, () =>
      openPullRequest(stage, acme.apps, change),
    );
    await this.#showComment(pull);
    if (says !== undefined) {
      await showPreviewsBranch(this.#terminal, acme.ops);
      await this.step(`${says.by}, ${says.so}: "${says.body}"`, () =>
        comment(stage, acme.apps, says.by, pull, says.body),
      );
      await this.#showComment(pull);
    }
    if (second !== undefined) {
      await this.step(`${author} looks at it, and pushes "${second.title}"`, () => pushChange(acme.apps, second));
    }
    await this.step(`${author} merges it`, () => mergePullRequest(stage, acme.apps, author, pull));
    await this.#showComment(pull);
  }

  /** A step of the operations managers in ops, or a push of a developer. */
  async operate(operation: Operation): Promise<void> {
    if (operation.does === 'attempt') {
      return this.#attempt(operation.heading, operation.change);
    }
    const { stage, acme } = this.#demo;
    await this.step(operation.heading, async () => {
      switch (operation.does) {
        case 'dispatch':
          return runWorkflow(stage, acme.ops, MANAGER, operation.workflow, operation.inputs);
        case 'merge': {
          const open = [...(await openPullRequests(stage, acme.ops))];
          const pull = open.find(([branch]) => branch.startsWith(operation.branch))?.[1];
          if (pull === undefined) {
            throw new Error(`No pull request from ${operation.branch} is open.`);
          }
          return mergePullRequest(stage, acme.ops, MANAGER, pull);
        }
        case 'push':
          return pushChange(acme.apps, operation.change);
        case 'guard':
          return guardOps(stage, acme.ops, operation.by, await gateStarter());
        case 'bypass':
          return this.#bypass(operation.change);
      }
    });
  }

  /** Somebody's pull request that the gate refuses, and GitHub with it. */
  async #attempt(heading: string, change: Change): Promise<void> {
    const { stage, runner, acme } = this.#demo;
    const pull = await this.step(heading, () => openPullRequest(stage, acme.ops, change));
    const refused = await mergePullRequest(stage, acme.ops, change.author, pull).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    if (refused === undefined) {
      throw new Error(`"${change.title}" was merged, although the policy does not permit it.`);
    }
    showRefusal(this.#terminal, await readVerdict(stage, acme.ops, pull), refused);
    await closePullRequest(stage, acme.ops, change.author, pull);
    await allDone(stage, runner);
  }

  async #bypass(change: Change): Promise<void> {
    const { stage, runner, acme } = this.#demo;
    const pull = await openPullRequest(stage, acme.ops, change);
    await allDone(stage, runner);
    await withoutRules(stage, acme.ops, change.author, () => mergePullRequest(stage, acme.ops, change.author, pull));
  }

  /** Runs `act`, waits for the workflows it starts, and prints their results. @returns the result of `act` */
  async step<T>(heading: string, act: () => Promise<T>): Promise<T> {
    const { stage, runner } = this.#demo;
    this.#steps += 1;
    this.#terminal.line();
    this.#terminal.line(this.#terminal.paint('bold', `${this.#steps}. ${heading}`));
    const before = runner.runs.length;
    const result = await act();
    await allDone(stage, runner);
    for (const run of runner.runs.slice(before)) {
      showResults(this.#terminal, run);
      if (run.workflow.startsWith('Materialize')) {
        showRendered(this.#terminal, run);
      }
    }
    return result;
  }

  async #showComment(pull: Pull): Promise<void> {
    const { stage, acme } = this.#demo;
    for (const body of await readComments(stage, acme.apps, pull)) {
      showComment(this.#terminal, 'github-actions', body);
    }
  }
}

/** Prints problems and failed runs. @returns whether there were any, or fewer releases than merges */
function hasFailed(terminal: Terminal, runner: StageRunner): boolean {
  const problems = runner.problems.map(({ message }) => message);
  // A run of the gate that waits gives way to a newer one, which judges the same and more.
  const failed = runner.runs.filter(({ conclusion }) => conclusion !== 'success' && conclusion !== 'cancelled');
  problems.push(...failed.map((run) => `${run.workflow} #${run.number} in ${run.repository}: ${run.conclusion}`));
  const releases = runner.runs.filter(({ workflow }) => workflow === 'Release').length;
  if (releases < PULL_REQUESTS.length) {
    problems.push(`${PULL_REQUESTS.length} pull requests were merged, but ${releases} runs of Release started.`);
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
