/** One stage with one apps repository, and tag-release run on clones of it as a workflow would. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { type LocalRepository, type Stage, startStage } from '../../../../src/local/stage.js';
import { type Release, releaseSchema } from '../../../../src/release/release.js';
import { clone, fromDisk, git } from '../../../support/git.js';
import { type ActionResult, runAction } from '../../../support/run-action.js';

export const REPOSITORY = 'acme/shop';

export interface RunOptions {
  inputs?: Record<string, string>;
  /** Arguments of `git clone`; the default is what actions/checkout does. */
  clone?: string[];
  /** The commit to check out; the tip of main by default. */
  sha?: string;
  /** The ref of the run; `refs/heads/main` by default. */
  ref?: string;
  /** Runs after the checkout and before the action. */
  between?: () => Promise<unknown>;
  /** A checkout that `checkOut` made: the action works in a copy of it, and nothing is fetched for that. */
  checkout?: string;
  token?: string;
  /** Kills the action when it aborts. */
  signal?: AbortSignal | undefined;
}

export interface Scenario extends AsyncDisposable {
  stage: Stage;
  repository: LocalRepository;
  /** Commits on main. @returns the commit's id */
  push(message: string, files: Record<string, string>): Promise<string>;
  /** Opens a pull request and merges it on GitHub. @returns its number */
  mergePullRequest(request: PullRequest): Promise<number>;
  run(options?: RunOptions): Promise<ActionResult>;
  /** Checks out what is there now. @returns its folder, which stays as long as the stage */
  checkOut(): Promise<string>;
  /** Runs, expects success and gives the releases. */
  release(options?: RunOptions): Promise<Release[]>;
  /** Calls the REST API with every right. */
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The requests that the action made since the last call, without addresses, ids and git's protocol. */
  requests(): string[];
  /** Text without what differs from run to run: ids of commits, the address of the stage. */
  plain(text: string): string;
}

export interface PullRequest {
  branch: string;
  title: string;
  commits: { message: string; files: Record<string, string> }[];
  method: 'merge' | 'squash' | 'rebase';
}

/** Starts a stage; the first commit of the repository holds `files`. */
export async function startScenario(files: Record<string, string>): Promise<Scenario> {
  const stage = await startStage({ repositories: { [REPOSITORY]: { files } } });
  const repository = stage.github.repository(REPOSITORY);
  const ids = new Map<string, string>();
  const plain = (text: string) =>
    text
      .replaceAll(stage.serverUrl, 'https://github.test')
      .replace(/\b[0-9a-f]{40}\b|(?<=`|\[)[0-9a-f]{7}(?=`|\])/g, (id) => {
        const key = id.slice(0, 7);
        ids.set(key, ids.get(key) ?? `commit-${ids.size + 1}`);
        return ids.get(key) ?? '';
      });
  const eventPath = join(stage.stateDir, 'event.json');
  await writeFile(eventPath, JSON.stringify({ repository: { default_branch: 'main' } }));
  const rest = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${stage.apiUrl}/repos/${REPOSITORY}/${path}`, {
      method,
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status === 204 ? undefined : response.json();
  };
  const run = async (options: RunOptions = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
    try {
      await (options.checkout === undefined
        ? checkOut(stage, folder, options)
        : cp(options.checkout, folder, { recursive: true }));
      await options.between?.();
      stage.github.requests.length = 0;
      return await runAction({
        action: 'tag-release',
        cwd: folder,
        signal: options.signal,
        inputs: { 'github-token': options.token ?? stage.token, ...options.inputs },
        env: {
          GITHUB_API_URL: stage.apiUrl,
          GITHUB_GRAPHQL_URL: stage.graphqlUrl,
          GITHUB_SERVER_URL: stage.serverUrl,
          GITHUB_REPOSITORY: REPOSITORY,
          GITHUB_SHA: '0'.repeat(40),
          GITHUB_EVENT_NAME: 'push',
          GITHUB_EVENT_PATH: eventPath,
          GITHUB_REF: options.ref ?? 'refs/heads/main',
        },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    stage,
    repository,
    plain,
    rest,
    run,
    async checkOut() {
      const folder = await mkdtemp(join(stage.stateDir, 'checkout-'));
      await checkOut(stage, folder, {});
      return folder;
    },
    push: (message, changed) => repository.commit('main', changed, message),
    async mergePullRequest({ branch, title, commits, method }) {
      for (const { message, files: changed } of commits) {
        await repository.commit(branch, changed, message);
      }
      const opened = v.parse(
        v.object({ number: v.number() }),
        await rest('POST', 'pulls', { title, head: branch, base: 'main' }),
      );
      v.parse(
        v.object({ merged: v.literal(true) }),
        await rest('PUT', `pulls/${opened.number}/merge`, { merge_method: method }),
      );
      return opened.number;
    },
    async release(options) {
      const result = await run(options);
      if (result.exitCode !== 0) {
        throw new Error(`tag-release failed: ${result.stdout}${result.stderr}`);
      }
      return v.parse(v.array(releaseSchema), JSON.parse(result.outputs.releases ?? ''));
    },
    requests() {
      return stage.github.requests
        .splice(0)
        .filter(({ path }) => !path.includes('git-upload-pack'))
        .map(({ method, path, operation, status, requestBody }) => {
          const body = method === 'GET' || operation !== undefined ? '' : ` ${JSON.stringify(requestBody)}`;
          const what = operation ?? path.replace('/api/v3/repos/acme/shop', '');
          return plain(`${method} ${what} ${status}${body}`);
        });
    },
    async [Symbol.asyncDispose]() {
      await stage.close();
    },
  };
}

/** A clone as actions/checkout makes it, without credentials left in it. */
export async function checkOut(
  stage: Stage,
  folder: string,
  { clone: cloned = ['--depth=1', '--no-tags'], sha }: RunOptions = {},
  name = REPOSITORY,
): Promise<void> {
  const repository = stage.github.repository(name);
  if (sha === undefined) {
    await clone(stage, repository, folder, cloned);
    return;
  }
  const fetch = ['fetch', '--quiet', '--no-tags', '--depth=1', `${stage.serverUrl}/${name}`, sha];
  await git(folder, ['init', '--quiet']);
  await git(folder, [...fromDisk(stage, repository), ...fetch]);
  await git(folder, ['checkout', '--quiet', '--detach', sha]);
}
