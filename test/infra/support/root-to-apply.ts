import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openGit } from '../../../src/git/git.js';
import { connect } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import type { ApplyHistory } from '../../../src/infra/apply/apply-history.js';
import { type ApplyRootsOf, applyRoots } from '../../../src/infra/apply/apply-roots.js';
import type { MergedPull } from '../../../src/infra/apply/merged-pulls.js';
import type { AppliedRoot } from '../../../src/infra/apply/root-outcome.js';
import { rootsOfChange } from '../../../src/infra/roots/roots-of-change.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { findTool } from '../../../src/infra/tool/tool.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { git } from '../../support/git.js';
import { printedBy } from '../../support/printed-by.js';

export const AGE = newIdentity();

/** What of a run is not as always: without more it is a push, the first run of its kind. */
export interface Running {
  id?: string;
  history?: ApplyHistory | undefined;
  /** What a person says. */
  word?: ApplyRootsOf['word'];
  holds?: string;
  pulls?: readonly MergedPull[];
}

/** The root `net`, merged, which the sources apply in this process with a stand-in for the tool: see `../stand-in`. */
export class RootToApply implements AsyncDisposable {
  private constructor(
    readonly stage: Stage,
    readonly repository: LocalRepository,
    private readonly folder: string,
  ) {}

  /** @param input of the one thing that it has; without it, it has none */
  static async of(input?: string): Promise<RootToApply> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-root-'));
    const stage = await startStage({ repositories: { 'acme/infra': { files: { 'README.md': 'x' } } } });
    const world = new RootToApply(stage, stage.github.repository('acme/infra'), folder);
    await world.push(input);
    return world;
  }

  /** Merges that the root has this thing, or none. */
  push(input?: string): Promise<string> {
    const backend = `terraform {\n  backend "local" {\n    path = ${JSON.stringify(this.state)}\n  }\n}\n`;
    const thing = input === undefined ? '' : `resource "terraform_data" "a" {\n  input = ${JSON.stringify(input)}\n}\n`;
    return this.repository.commit('main', { 'net/main.tf': backend + thing }, 'feat: net');
  }

  private get state(): string {
    return join(this.folder, 'state');
  }

  /** What there is, each as `address = input`. */
  async made(): Promise<string[]> {
    const things: { address: string; input: string }[] = JSON.parse(
      await readFile(`${this.state}.cloud`, 'utf8').catch(() => '[]'),
    );
    return things.map(({ address, input }) => `${address} = ${input}`);
  }

  /** Breaks its state, so that it cannot be planned, or puts it right. */
  breaks(isBroken: boolean): Promise<void> {
    return isBroken ? writeFile(this.state, 'broken') : rm(this.state);
  }

  get to(): Connected {
    const { apiUrl, graphqlUrl, github } = this.stage;
    const permissions = { checks: 'write', contents: 'write', pull_requests: 'write' } as const;
    const token = github.issueToken({ actor: 'github-actions[bot]', repositories: ['acme/infra'], permissions });
    return { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner: 'acme', name: 'infra' } };
  }

  /** Applies it as a run of the default branch does. */
  async apply({ id = '7', history, word, holds, pulls = [] }: Running = {}): Promise<AppliedRoot> {
    const checkout = await mkdtemp(join(this.folder, 'checkout-'));
    const scratch = await mkdtemp(join(this.folder, 'scratch-'));
    await git(checkout, ['clone', '--quiet', this.repository.gitDir, '.']);
    const commit = await git(checkout, ['rev-parse', 'HEAD']);
    const opened = openGit({
      ...{ cwd: checkout, serverUrl: this.stage.serverUrl, repository: 'acme/infra', token: undefined },
    });
    const change = { pull: undefined, commit, change: undefined, reason: 'by hand' };
    const env = { PATH: [join(import.meta.dirname, '../stand-in/bin'), process.env.PATH ?? ''].join(delimiter) };
    const of = await rootsOfChange(opened, change);
    const tool = await findTool('tofu', [], { cwd: checkout, env });
    const { value } = await printedBy(() =>
      applyRoots({
        ...{ change, of, only: ['net'], app: 'github-actions', word, scratch },
        history: { branch: 'main', head: commit, holds, pulls },
        members: () => Promise.resolve(undefined),
        run: {
          ...{ git: opened, to: this.to, now: () => new Date() },
          plan: {
            ...{ tool, environment: { env, secrets: [] } },
            ...{ checkout, args: [] },
          },
          space: history && { history, identity: AGE.identity },
          run: { url: `https://github.test/runs/${id}`, id, by: word?.login ?? 'octocat' },
        },
      }),
    );
    const [applied] = value;
    if (applied === undefined) {
      throw new Error('There is no root net.');
    }
    return applied;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
