import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StageRunner } from '../runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../settings.js';
import type { LocalRepository, Stage } from '../stage.js';
import { starter } from '../starter.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** The sample startup on a stage. */
export interface Acme {
  apps: LocalRepository;
  ops: LocalRepository;
}

const GATE_WORKFLOW = '.github/workflows/ops-gate.yml';

/** Comes in when the branch of previews is guarded: before, runs of apps repositories write it themselves. */
const REQUESTS_WORKFLOW = '.github/workflows/preview-requests.yml';

/** Acme has no need of it: auto-merge is on there. */
const MERGE_WORKFLOW = '.github/workflows/merge-due.yml';

/** For other repositories that environments live in: all of Acme's live in ops. */
const TELL_WORKFLOW = '.github/workflows/tell-gate.yml';

const NOT_AT_FIRST = [GATE_WORKFLOW, MERGE_WORKFLOW, REQUESTS_WORKFLOW, TELL_WORKFLOW];

/** The releases that Acme made before the demo begins. */
const RELEASED = ['shop-v1.3.2', 'mailer-v0.4.0'];

/**
 * Sets up Acme: its apps and ops repositories, the starter workflows as a team copies them, and a GitHub App that may write
 * to ops. The samples name `ghcr.io`, which becomes the stage's registry.
 *
 * @param options `openSource` for a public apps repository; without `operations`, ops has the
 *   starter of previews alone
 */
export async function openAcme(
  stage: Stage,
  runner: StageRunner,
  { openSource = false, operations = true }: { openSource?: boolean; operations?: boolean } = {},
): Promise<Acme> {
  await publishActions(stage);
  const image = (text: string) => text.replaceAll('ghcr.io/acme', `${stage.registry}/acme`);
  const appsFiles = await readFiles(join(root, 'test', 'fixtures', 'apps'), image);
  const appsWorkflows = await starters('apps');
  Object.assign(appsFiles, openSource ? appsWorkflows : withoutForks(appsWorkflows));
  const apps = await stage.github.createRepository('acme/apps', { files: appsFiles }, { private: !openSource });
  const opsFiles = await readFiles(join(root, 'test', 'fixtures', 'ops'), image);
  for (const [path, text] of Object.entries(await starters('ops'))) {
    // The gate comes in when it is set up: without its App it judges nothing.
    if (!NOT_AT_FIRST.includes(path) && (operations || path.endsWith('/previews.yml'))) {
      opsFiles[path] = text;
    }
  }
  const ops = await stage.github.createRepository(
    'acme/ops',
    { files: opsFiles },
    { allowAutoMerge: true, deleteBranchOnMerge: true },
  );
  const first = (await apps.refs())[`refs/heads/${apps.defaultBranch}`];
  for (const tag of RELEASED) {
    await apps.setRef(`refs/tags/${tag}`, first ?? null);
  }
  installDefaultApp(runner, ['acme/apps', 'acme/ops']);
  return { apps, ops };
}

/** The workflow of the gate, as a team copies it. */
export async function gateStarter(): Promise<Record<string, string>> {
  return { [GATE_WORKFLOW]: await starter('ops/ops-gate') };
}

/** The workflow that writes previews where ops alone may, as a team copies it. */
export async function requestsStarter(): Promise<Record<string, string>> {
  return { [REQUESTS_WORKFLOW]: await starter('ops/preview-requests') };
}

/** The starter workflows for one kind of repository, by their path in it. */
async function starters(role: 'apps' | 'ops'): Promise<Record<string, string>> {
  const files = await readFiles(join(root, 'workflows', role), (text) => text);
  const workflows = Object.entries(files).filter(([path]) => path.endsWith('.yml'));
  return Object.fromEntries(workflows.map(([path, text]) => [`.github/workflows/${path}`, text]));
}

/** Leaves out the workflows for forks, which a private repository does not need. */
function withoutForks(workflows: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(workflows).filter(([path]) => !/\/fork-[a-z]+\.yml$/.test(path)));
}

async function readFiles(folder: string, change: (text: string) => string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path)] = change(await readFile(path, 'utf8'));
  }
  return files;
}
