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
export interface ApplyMore {
  /** A commit or branch that is checked out instead. */
  at?: string;
  event?: string;
  ref?: string;
  env?: Record<string, string>;
  /** Kills the action. */
  signal?: AbortSignal;
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
  ) {}

  /** @param files by path, of the folder in which states are */
  static async of(files: (states: string) => Record<string, string>): Promise<InfraRepository> {
    const states = await mkdtemp(join(tmpdir(), 'ostack-states-'));
    // GitHub lets Apps alone make check runs, and the workflow's own token is one.
    const clock = { aheadMs: 0 };
    const now = () => new Date(Date.now() + clock.aheadMs);
    const stage = await startStage({ now, repositories: { 'acme/infra': { files: files(states) } } });
    const permissions = { checks: 'write', contents: 'read', issues: 'write', pull_requests: 'write' } as const;
    const token = stage.github.issueToken({ actor: 'github-actions[bot]', repositories: ['acme/infra'], permissions });
    return new InfraRepository(stage, stage.github.repository('acme/infra'), states, token, clock);
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
    more: { fork?: boolean; at?: string } = {},
  ): Promise<ActionResult> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
    try {
      const base = (await this.repository.refs())['refs/heads/main'] ?? '';
      await clone(this.stage, this.repository, folder, ['--depth=1']);
      await git(folder, [
        'fetch',
        '--quiet',
        '--depth=1',
        this.repository.gitDir,
        more.at ?? `refs/pull/${pull.number}/merge`,
      ]);
      await git(folder, ['checkout', '--quiet', 'FETCH_HEAD']);
      const repo = { full_name: 'acme/infra' };
      const head = { sha: pull.head, repo: more.fork === true ? { full_name: 'mallory/infra' } : repo };
      const event = join(folder, '.git', 'event.json');
      await writeFile(
        event,
        JSON.stringify({ pull_request: { number: pull.number, base: { sha: base, ref: 'main', repo }, head } }),
      );
      return await this.run(folder, inputs, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
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
    const folder = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
    try {
      await clone(this.stage, this.repository, folder, ['--depth=1']);
      const at = more.at ?? ('after' in pushed ? pushed.after : await this.head());
      await git(folder, ['fetch', '--quiet', '--depth=1', this.repository.gitDir, at]);
      await git(folder, ['checkout', '--quiet', 'FETCH_HEAD']);
      const event = join(folder, '.git', 'event.json');
      const isPush = 'after' in pushed;
      await writeFile(event, JSON.stringify({ ...pushed, repository: { default_branch: 'main' } }));
      const by = isPush ? 'octocat' : pushed.by;
      return await this.run(
        folder,
        inputs,
        {
          ...{ GITHUB_EVENT_NAME: more.event ?? (isPush ? 'push' : 'workflow_dispatch'), GITHUB_EVENT_PATH: event },
          ...{ GITHUB_REF: more.ref ?? 'refs/heads/main', GITHUB_ACTOR: by, ...more.env },
        },
        { action: 'apply-infra', signal: more.signal },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Looks for drift in a fresh checkout of the default branch, as a workflow does. */
  async drift(inputs: Record<string, string> = {}, at = 'main'): Promise<ActionResult> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
    try {
      await clone(this.stage, this.repository, folder, ['--depth=1', `--branch=${at}`]);
      return await this.run(folder, inputs, { GITHUB_EVENT_NAME: 'schedule' }, { action: 'drift-infra' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The issues about applies: title and whether it is open. */
  async applyIssues(): Promise<string[]> {
    const { body } = await rest(this.stage, 'GET /repos/acme/infra/issues?labels=ostack-apply&state=all');
    return (Array.isArray(body) ? body : []).map((each: unknown) => `${at(each, 'state')}: ${at(each, 'title')}`);
  }

  async run(
    folder: string,
    inputs: Record<string, string>,
    env: Record<string, string>,
    { action = 'plan-infra', signal }: { action?: string; signal?: AbortSignal | undefined } = {},
  ): Promise<ActionResult> {
    return runAction({
      action,
      signal,
      inputs: { tool: 'tofu', token: this.token, ...inputs },
      cwd: folder,
      env: {
        ...{ GITHUB_API_URL: this.stage.apiUrl, GITHUB_GRAPHQL_URL: this.stage.graphqlUrl },
        ...{ GITHUB_SERVER_URL: this.stage.serverUrl, GITHUB_REPOSITORY: 'acme/infra' },
        ...{ GITHUB_SHA: await git(folder, ['rev-parse', 'HEAD']), GITHUB_RUN_ID: '7' },
        ...{ TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE ?? '/dev/null', ...env },
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
