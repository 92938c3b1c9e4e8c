/** Runs of a release workflow that are recorded as GitHub keeps them, so that the next one may reuse what they built. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BUILD_RECORD_ARTIFACT } from '../../src/images/build-record.js';
import { packed } from '../../src/local/github/http/archive.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import type { ActionResult } from '../support/run-action.js';

const WORKFLOW = '.github/workflows/release.yml';

/** Whoever runs is a run of its own, with a token of the repository. */
export class KeptRecords implements AsyncDisposable {
  #runs = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly apps: LocalRepository,
    private readonly head: string,
    private readonly folder: string,
  ) {}

  static async start(): Promise<KeptRecords> {
    const stage = await startStage();
    const apps = await stage.github.createRepository('acme/apps', { files: { page: '' } });
    const head = (await apps.refs())['refs/heads/main'] ?? '';
    return new KeptRecords(stage, apps, head, await mkdtemp(join(tmpdir(), 'ostack-records-')));
  }

  /** Runs the action as the next run of the workflow, and keeps what it recorded. */
  async run(body: (token: string, env: Record<string, string>) => Promise<ActionResult>): Promise<ActionResult> {
    this.#runs += 1;
    const id = this.#runs;
    const { stage, apps, head } = this;
    const folder = await mkdtemp(join(this.folder, 'run-'));
    const result = await body(stage.token, {
      ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SHA: head },
      ...{
        GITHUB_RUN_ID: String(id),
        GITHUB_WORKFLOW_REF: `acme/apps/${WORKFLOW}@refs/heads/main`,
        RUNNER_TEMP: folder,
      },
    });
    const { record } = result.outputs;
    if (record !== undefined && record !== '') {
      await apps.reportRun({
        ...{ id, number: id, attempt: 1, title: 'feat: a', workflow: 'Release', file: WORKFLOW, event: 'push' },
        ...{ actor: 'ada', triggeringActor: 'ada', status: 'completed', conclusion: 'success', headBranch: 'main' },
        ...{ headSha: head, headRepository: 'acme/apps', pulls: [], annotations: [], jobs: [], referenced: [] },
      });
      const files = [basename(record)];
      const kept = join(record, '..');
      const zip = await packed(kept, files);
      const digest = createHash('sha256').update(zip).digest('hex');
      apps.addArtifact(
        { name: BUILD_RECORD_ARTIFACT, runId: id, size: zip.length, files, folder: kept, digest },
        undefined,
      );
    }
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
