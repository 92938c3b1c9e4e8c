/** Acme on a stage, with its starter workflows and the stand-in engine, for scenarios through whole workflows. */

import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods';
import { connect } from '../../src/github/client.js';
import { allDone } from '../../src/local/all-done.js';
import { type Acme, openAcme } from '../../src/local/demo/acme.js';
import { standInEnvironment } from '../../src/local/engine/environment.js';
import type { RunResult } from '../../src/local/runner/events.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { type Stage, seededDelays, startStage } from '../../src/local/stage.js';

const execute = promisify(execFile);

/** A whole run takes a few seconds, and a scenario has several. */
export const PATIENCE_MS = 180_000;

export interface Scene extends AsyncDisposable, Acme {
  stage: Stage;
  runner: StageRunner;
  /** Everything that the jobs have printed. */
  log: string[];
}

/** Opens the scene. Dispose of it at the end. */
export async function openScene(options: { openSource?: boolean; now?: () => Date } = {}): Promise<Scene> {
  const { now } = options;
  const stage = await startStage({ delays: seededDelays(4), ...(now === undefined ? {} : { now }) });
  const [machine, engine] = [thisMachine(), await standInEnvironment()];
  const path = [...engine.path, machine.path].join(delimiter);
  const log: string[] = [];
  const runner = await createRunner(stage, {
    // Each bundle in a process of its own, as GitHub runs it.
    machine: { ...machine, reusesNode: false, path, env: engine.env },
    reporter: {
      report(event) {
        if (event.type === 'log') {
          log.push(event.text);
        } else if (event.type === 'annotation') {
          log.push(event.annotation.message);
        } else if (event.type === 'summary') {
          log.push(event.markdown);
        }
      },
    },
  });
  const acme = await openAcme(stage, runner, { ...options, operations: false });
  return {
    stage,
    runner,
    log,
    ...acme,
    async [Symbol.asyncDispose]() {
      await runner.close();
      await stage.close();
    },
  };
}

/** Somebody who uses GitHub's API on the apps repository, and has rights on those repositories only. */
export function person({ stage }: Scene, actor: string, repositories = ['acme/apps', 'acme/ops']) {
  const token = stage.github.issueToken({ actor, repositories });
  const { rest } = restEndpointMethods(connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }).octokit);
  const at = { owner: 'acme', repo: 'apps' };
  return {
    rest,
    at,
    async open(head: string, title: string): Promise<number> {
      return (await rest.pulls.create({ ...at, head, title, base: 'main' })).data.number;
    },
    async set(pull_number: number, state: 'open' | 'closed'): Promise<void> {
      await rest.pulls.update({ ...at, pull_number, state });
    },
    async merge(pull_number: number): Promise<void> {
      // A person waits until the button says that it may be merged.
      await stage.github.passTime();
      await rest.pulls.merge({ ...at, pull_number, merge_method: 'squash' });
    },
    async label(issue_number: number, label: string): Promise<void> {
      await rest.issues.addLabels({ ...at, issue_number, labels: [label] });
    },
    async comments(issue_number: number): Promise<string[]> {
      return (await rest.issues.listComments({ ...at, issue_number })).data.map(({ body }) => body ?? '');
    },
    /** Deployments of a preview, newest first, each with its newest status. */
    async deployments(preview: string): Promise<string[]> {
      const task = `deploy:preview/${preview}`;
      const { data } = await rest.repos.listDeployments({ ...at, environment: 'preview', task });
      return await Promise.all(
        data.map(async ({ id: deployment_id }) => {
          const statuses = await rest.repos.listDeploymentStatuses({ ...at, deployment_id });
          return statuses.data[0]?.state ?? 'none';
        }),
      );
    },
    /** Checks of a commit, by name. */
    async checks(ref: string): Promise<Record<string, string | null>> {
      const { data } = await rest.checks.listForRef({ ...at, ref, per_page: 100 });
      return Object.fromEntries(data.check_runs.map(({ name, conclusion }) => [name, conclusion]));
    },
  };
}

/** Does something, waits until all that it starts has ended, and gives the runs. */
export async function play({ runner, stage }: Scene, act: () => Promise<unknown>): Promise<RunResult[]> {
  const before = runner.runs.length;
  await act();
  await allDone(stage, runner);
  expect(runner.problems).toEqual([]);
  return runner.runs.slice(before);
}

/** Waits until a job of that name starts. */
export function started({ runner }: Scene, name: string): Promise<void> {
  return new Promise((resolve) => {
    const leave = runner.runner.follow({
      report(event) {
        if (event.type === 'job-started' && event.job.name.endsWith(name)) {
          leave();
          resolve();
        }
      },
    });
  });
}

/** How the jobs of a run have ended, by the last part of their names. */
export function jobsOf(runs: readonly RunResult[], workflow = 'Pull request'): Record<string, string> {
  const jobs = runs.find((run) => run.workflow === workflow)?.jobs ?? [];
  return Object.fromEntries(jobs.map(({ id, conclusion }) => [id.replace(/^.*\//, ''), conclusion]));
}

/** All files of the branch of previews that come and go with one, and all of previews that the deployed branch has. */
export async function previewFiles({ ops }: Scene): Promise<string[]> {
  const there = (await ops.refs())['refs/heads/ostack/previews'] !== undefined;
  const own = there ? await filesOf(ops.gitDir, 'ostack/previews') : [];
  const deployed = (await filesOf(ops.gitDir, ops.defaultBranch)).filter((path) =>
    /^(\.ostack\/)?previews\//.test(path),
  );
  return [...own.filter((path) => path.startsWith('previews/')), ...deployed].filter(
    (path) => !path.endsWith('/ostack-previews.yaml'),
  );
}

async function filesOf(gitDir: string, branch: string): Promise<string[]> {
  const { stdout } = await execute('git', ['--git-dir', gitDir, 'ls-tree', '-r', '--name-only', '-z', branch]);
  return stdout.split('\0').filter((path) => path !== '');
}
