import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { at, rest } from '../../local/github/support.js';
import { clone, git } from '../../support/git.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

/** The state of a root, on this machine. */
export const backend = (folder: string) =>
  `terraform {\n  backend "local" {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`;

export interface InfraPullRequest {
  number: number;
  head: string;
  branch: string;
}

/** What of an apply is not as it should be. */
export interface ApplyMore extends RunMore {
  /** A commit or branch that is checked out instead. */
  at?: string;
  event?: string;
  ref?: string;
}

/** What of a run is not as always. */
export interface RunMore {
  env?: Record<string, string>;
  /** Kills the action. */
  signal?: AbortSignal | undefined;
}

/** A fresh, shallow checkout in a folder of its own, and what the runner says to the run in it. */
export interface Checkout {
  action: 'plan-infra' | 'apply-infra' | 'drift-infra';
  folder: string;
  env: Record<string, string>;
}

/** A check run of a root. */
export interface PlanCheck {
  conclusion: string;
  title: string;
  all: string;
}

export interface InfraIssue {
  number: number;
  state: string;
  title: string;
  body: string;
}

/** An infra repository on a stage, and a folder for the states of its roots. */
export class InfraRepository implements AsyncDisposable {
  private constructor(
    readonly stage: Stage,
    readonly repository: LocalRepository,
    readonly states: string,
    readonly token: string,
    /** How far the clock of GitHub is ahead of that of the machine. */
    private readonly clock: { aheadMs: number },
    private readonly path: string,
  ) {}

  /**
   * @param files by path, of the folder in which states are
   * @param options `path` is where the tool is found; `permissions` are more of the token
   */
  static async of(
    files: (states: string) => Record<string, string>,
    options: { path?: string; permissions?: Record<string, 'read' | 'write'> } = {},
  ): Promise<InfraRepository> {
    const states = await mkdtemp(join(tmpdir(), 'ostack-states-'));
    // GitHub lets Apps alone make check runs, and the workflow's own token is one.
    const clock = { aheadMs: 0 };
    const now = () => new Date(Date.now() + clock.aheadMs);
    const stage = await startStage({ now, repositories: { 'acme/infra': { files: files(states) } } });
    const own = { checks: 'write', contents: 'read', issues: 'write', pull_requests: 'write' } as const;
    const permissions = { ...own, ...options.permissions };
    const token = stage.github.issueToken({ actor: 'github-actions[bot]', repositories: ['acme/infra'], permissions });
    const path = options.path ?? process.env.PATH ?? '';
    return new InfraRepository(stage, stage.github.repository('acme/infra'), states, token, clock, path);
  }

  /** Pushes files to a branch, and opens a pull request of it where there is none. */
  async propose(branch: string, files: Record<string, string | null>): Promise<InfraPullRequest> {
    const head = await this.repository.commit(branch, files, `feat: ${branch}`);
    const listed = await rest(this.stage, `GET /repos/acme/infra/pulls?head=acme:${branch}`);
    const known: unknown = Array.isArray(listed.body) ? listed.body[0] : undefined;
    const opened =
      known ??
      (await rest(this.stage, 'POST /repos/acme/infra/pulls', { head: branch, base: 'main', title: branch })).body;
    return { number: Number(at(opened, 'number')), head, branch };
  }

  /** Plans a pull request in a fresh, shallow checkout of its merge, as a workflow does. */
  async plan(
    pull: InfraPullRequest,
    inputs: Record<string, string> = {},
    more: RunMore & { fork?: boolean; at?: string } = {},
  ): Promise<ActionResult> {
    return this.once(await this.toPlan(pull, more), inputs, more);
  }

  async toPlan(pull: InfraPullRequest, more: { fork?: boolean; at?: string } = {}): Promise<Checkout> {
    const base = await this.head();
    const folder = await this.checkout(more.at ?? `refs/pull/${pull.number}/merge`);
    const repo = { full_name: 'acme/infra' };
    const head = { sha: pull.head, repo: more.fork === true ? { full_name: 'mallory/infra' } : repo };
    const event = await writeEvent(folder, {
      pull_request: { number: pull.number, base: { sha: base, ref: 'main', repo }, head },
    });
    return { action: 'plan-infra', folder, env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event } };
  }

  /** Merges a pull request. @returns the commit of the default branch before it, and the one that it became */
  async merge({ number }: InfraPullRequest): Promise<{ before: string; after: string }> {
    const before = await this.head();
    const { status, body } = await rest(this.stage, `PUT /repos/acme/infra/pulls/${number}/merge`, {});
    if (status !== 200) {
      throw new Error(`#${number} was not merged: ${JSON.stringify(body)}`);
    }
    return { before, after: await this.head() };
  }

  async head(branch = 'main'): Promise<string> {
    return (await this.repository.refs())[`refs/heads/${branch}`] ?? '';
  }

  /** @param isLater a second after all that was there: GitHub tells times to the second */
  async approve({ number }: InfraPullRequest, login: string, isLater = true): Promise<void> {
    this.clock.aheadMs += isLater ? 1000 : 0;
    const token = this.stage.github.issueToken({ actor: login });
    const review = { event: 'APPROVE', body: 'x' };
    await rest(this.stage, `POST /repos/acme/infra/pulls/${number}/reviews`, review, token);
  }

  /** Applies what was pushed, or what a person asks for, in a fresh checkout of the branch. */
  async apply(
    pushed: { before: string; after: string } | { by: string },
    inputs: Record<string, string> = {},
    more: ApplyMore = {},
  ): Promise<ActionResult> {
    return this.once(await this.toApply(pushed, more), inputs, more);
  }

  async toApply(pushed: { before: string; after: string } | { by: string }, more: ApplyMore = {}): Promise<Checkout> {
    const isPush = 'after' in pushed;
    const folder = await this.checkout(more.at ?? (isPush ? pushed.after : await this.head()));
    const event = await writeEvent(folder, { ...pushed, repository: { default_branch: 'main' } });
    const env = {
      ...{ GITHUB_EVENT_NAME: more.event ?? (isPush ? 'push' : 'workflow_dispatch'), GITHUB_EVENT_PATH: event },
      ...{ GITHUB_REF: more.ref ?? 'refs/heads/main', GITHUB_ACTOR: isPush ? 'octocat' : pushed.by, ...more.env },
    };
    return { action: 'apply-infra', folder, env };
  }

  /** Looks for drift in a fresh checkout of the default branch, as a workflow does. */
  async drift(inputs: Record<string, string> = {}, at = 'main'): Promise<ActionResult> {
    return this.once(await this.toDrift(at), inputs);
  }

  async toDrift(at = 'main'): Promise<Checkout> {
    return { action: 'drift-infra', folder: await this.checkout(at), env: { GITHUB_EVENT_NAME: 'schedule' } };
  }

  private async checkout(at: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
    await clone(this.stage, this.repository, folder, ['--depth=1']);
    await git(folder, ['fetch', '--quiet', '--depth=1', this.repository.gitDir, at]);
    await git(folder, ['checkout', '--quiet', 'FETCH_HEAD']);
    return folder;
  }

  private async once(checkout: Checkout, inputs: Record<string, string>, more: RunMore = {}): Promise<ActionResult> {
    try {
      return await this.run(checkout, inputs, more);
    } finally {
      await rm(checkout.folder, { recursive: true, force: true });
    }
  }

  /** The issues about applies: title and whether it is open. */
  async applyIssues(): Promise<string[]> {
    const { body } = await rest(this.stage, 'GET /repos/acme/infra/issues?labels=ostack-apply&state=all');
    return (Array.isArray(body) ? body : []).map((each: unknown) => `${at(each, 'state')}: ${at(each, 'title')}`);
  }

  async run(
    { action, folder, env }: Checkout,
    inputs: Record<string, string>,
    more: RunMore = {},
  ): Promise<ActionResult> {
    return runAction({
      action,
      signal: more.signal,
      inputs: { tool: 'tofu', token: this.token, ...inputs },
      cwd: folder,
      env: {
        ...{ GITHUB_API_URL: this.stage.apiUrl, GITHUB_GRAPHQL_URL: this.stage.graphqlUrl, PATH: this.path },
        ...{ GITHUB_SERVER_URL: this.stage.serverUrl, GITHUB_REPOSITORY: 'acme/infra' },
        ...{ GITHUB_SHA: await git(folder, ['rev-parse', 'HEAD']), GITHUB_RUN_ID: '7' },
        ...{ TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE ?? '/dev/null', ...env, ...more.env },
      },
    });
  }

  /** All issues, the oldest first. */
  async issues(): Promise<InfraIssue[]> {
    const { body } = await rest(this.stage, 'GET /repos/acme/infra/issues?state=all&direction=asc');
    return (Array.isArray(body) ? body : [])
      .filter((issue: unknown) => typeof issue === 'object' && issue !== null && !('pull_request' in issue))
      .map((issue: unknown) => ({
        number: Number(at(issue, 'number')),
        ...{ state: String(at(issue, 'state')), title: String(at(issue, 'title')), body: String(at(issue, 'body')) },
      }));
  }

  /** Ticks the line of an issue that has this text, as a person who may write does. */
  async tick({ number, body }: InfraIssue, text: string): Promise<void> {
    const lines = body.split('\n').map((line) => (line.includes(text) ? line.replace('- [ ]', '- [x]') : line));
    await rest(this.stage, `PATCH /repos/acme/infra/issues/${number}`, { body: lines.join('\r\n') });
  }

  /** All pull requests, the newest first. */
  async pulls(): Promise<(InfraPullRequest & { state: string })[]> {
    const { body } = await rest(this.stage, 'GET /repos/acme/infra/pulls?state=all');
    return (Array.isArray(body) ? body : []).map((pull: unknown) => ({
      ...{ number: Number(at(pull, 'number')), head: String(at(pull, 'head', 'sha')) },
      ...{ branch: String(at(pull, 'head', 'ref')), state: String(at(pull, 'state')) },
    }));
  }

  /** All comments of a pull request. */
  async comments({ number }: InfraPullRequest): Promise<string[]> {
    const { body } = await rest(this.stage, `GET /repos/acme/infra/issues/${number}/comments`);
    return (Array.isArray(body) ? body : []).map((comment: unknown) => String(at(comment, 'body')));
  }

  /** The check runs of a head by the names of their roots. */
  async checks({ head }: { head: string }): Promise<Record<string, PlanCheck>> {
    const { body } = await rest(this.stage, `GET /repos/acme/infra/commits/${head}/check-runs`);
    const count = Number(at(body, 'total_count'));
    return Object.fromEntries(
      Array.from({ length: count }, (_, index) => {
        const field = (...path: string[]) => String(at(body, 'check_runs', index, ...path));
        const text = [field('output', 'title'), field('output', 'summary'), field('output', 'text')].join('\n');
        const name = field('name').replace('oStack plan / ', '');
        return [name, { conclusion: field('conclusion'), title: field('output', 'title'), all: text }];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage.close();
    await rm(this.states, { recursive: true, force: true });
  }
}

/** @returns where it is, in a folder that git does not look at */
async function writeEvent(folder: string, payload: object): Promise<string> {
  const path = join(folder, '.git', 'event.json');
  await writeFile(path, JSON.stringify(payload));
  return path;
}
