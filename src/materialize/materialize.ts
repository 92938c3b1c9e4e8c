import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { secretProblems } from '../ops/tree/plain-secrets.js';
import { inParallel } from '../runtime/parallel.js';
import type { BranchTarget } from './branch/targets.js';
import { type BranchOptions, type WrittenBranch, writeBranch } from './branch/write-branch.js';
import { type Checkout, pathIn } from './checkout.js';
import { LOCK_FILE } from './lock/lock-file.js';
import { manifestFiles, objectsByFile } from './manifests/files.js';
import type { ManifestObject } from './manifests/objects.js';
import { renderSource } from './sources/render-source.js';
import { releaseKey, servedChart } from './sources/served-chart.js';
import type { RemoteSources, RenderOptions, ServedChart } from './sources/source.js';
import type { Tools } from './sources/tools.js';
import { type FolderChange, writeFolder } from './write-folder.js';

/** What is to be rendered. In each text `{environment}` is its name. */
export interface RenderRequest extends Omit<RenderOptions, 'configurations' | 'areNamed'> {
  /** The folder that is rendered, from the root of the checkout; or the address of a chart. */
  source: string;
  /** Of a chart that is named by its address: a version or a range; `undefined` for the newest. */
  version: string | undefined;
  environments: readonly string[];
  /** The strongest first; `undefined` for the environment's own name. */
  configurations: readonly string[] | undefined;
}

/** An environment as it is rendered. */
export interface RenderedEnvironment {
  environment: string;
  /** Texts by path, one for each object. */
  files: ReadonlyMap<string, string>;
  /** The charts and remote bases that they are made of, with their versions, sorted; none where each manifest says its own. */
  parts: readonly string[];
  /** What a person should know, as sentences. */
  notes: string[];
}

/** What became of an environment. */
export interface MaterializedEnvironment {
  environment: string;
  /** The folder that it went to, of the workspace or of the branch. */
  folder: string;
  /** Where it went to a branch. */
  branch?: WrittenBranch;
  objects: number;
  change: FolderChange;
  /** What a person should know, as sentences. */
  notes: string[];
}

/**
 * Renders environments, several at once. Nothing is written: where one cannot be rendered, none is.
 *
 * @param remoteOf what brings the remote parts of a source, by the folder of its lock file, and for whom
 * @throws Error with the place of what cannot be rendered, a secret in plain text, an environment without objects
 */
export async function renderEnvironments(
  checkout: Checkout,
  request: RenderRequest,
  remoteOf: (folder: string, user?: string) => Promise<RemoteSources>,
  tools: Tools,
): Promise<RenderedEnvironment[]> {
  // Locks are opened in the order of the environments: what is resolved anew is told in it, whichever is done first.
  const sources = new Map<string, RemoteSources>();
  for (const environment of request.environments) {
    const { folder, chart } = sourceOf(request, environment);
    sources.set(environment, await remoteOf(folder, chart?.user));
  }
  const tried = await inParallel([...sources], AT_ONCE, async ([environment, remote]) => {
    try {
      return { done: await renderEnvironment(checkout, request, environment, remote, tools) };
    } catch (error) {
      return { error };
    }
  });
  // Of several that cannot be rendered, the first is told, as it always was.
  return tried.map((each) => {
    if ('error' in each) {
      throw each.error;
    }
    return each.done;
  });
}

/** Environments that are rendered at once. A definition of one starts two programs for each processor by itself. */
const AT_ONCE = Math.max(2, Math.ceil(availableParallelism() / 2));

async function renderEnvironment(
  checkout: Checkout,
  request: RenderRequest,
  environment: string,
  remote: RemoteSources,
  tools: Tools,
): Promise<RenderedEnvironment> {
  const { folder, chart } = sourceOf(request, environment);
  const options = optionsFor(request, environment);
  const parts = new Set<string>();
  const { git, chart: pull, file } = remote;
  const told = { git, chart: pull, file, folder: () => remote.folder(), part: (text: string) => parts.add(text) };
  const { objects, notes } = await renderSource(checkout, chart ?? folder, options, told, tools);
  if (objects.length === 0) {
    const found = `${chart?.chart ?? (folder || 'The root')} comes to no object for ${environment}`;
    throw new Error(`${found}, and an empty environment takes everything away. Expected one at least.`);
  }
  const files = manifestFiles(objects);
  refuseSecrets(files, objects);
  return { environment, files, parts: [...parts].sort(), notes };
}

/** The folders and files of the checkout that environments are rendered from. @throws Error where one leads out of it */
export function sourcePaths(request: RenderRequest): string[] {
  return request.environments.flatMap((environment) => {
    const { folder, chart } = sourceOf(request, environment);
    return [chart === undefined ? folder : posix.join(folder, LOCK_FILE), ...optionsFor(request, environment).values];
  });
}

/**
 * Makes a folder of the workspace hold each environment and no more.
 *
 * @param output the folder, from the root, by environment
 * @throws Error where something is in the way; then none is written
 */
export async function writeToFolders(
  checkout: Checkout,
  rendered: readonly RenderedEnvironment[],
  output: ReadonlyMap<string, string>,
  dryRun: boolean,
): Promise<MaterializedEnvironment[]> {
  const written: MaterializedEnvironment[] = [];
  const folderOf = (environment: string) => output.get(environment) ?? environment;
  for (const { environment, files } of rendered) {
    await writeFolder(checkout, folderOf(environment), files, true);
  }
  for (const { environment, files, notes } of rendered) {
    const folder = folderOf(environment);
    const change = await writeFolder(checkout, folder, files, dryRun);
    const edits = change.edited.map((path) => `${folder}/${path} was edited since it was written, and is put right.`);
    written.push({ environment, folder, objects: files.size, change, notes: [...notes, ...edits] });
  }
  return written;
}

/**
 * Makes branches hold what environments are rendered to.
 *
 * @param optionsOf how a repository is written
 * @throws Error as `writeBranch` does, with all that failed; the other branches are written
 */
export async function writeToBranches(
  rendered: readonly RenderedEnvironment[],
  targets: readonly BranchTarget[],
  optionsOf: (target: BranchTarget) => BranchOptions,
): Promise<MaterializedEnvironment[]> {
  const all = new Map(rendered.map((each) => [each.environment, each]));
  const written: MaterializedEnvironment[] = [];
  const failures: Error[] = [];
  for (const target of targets) {
    const branch = await writeBranch(target, all, optionsOf(target)).catch((error: unknown) => {
      if (!(error instanceof Error)) {
        throw error;
      }
      const { branch: name, repository } = target;
      const place = `The branch ${name} of ${repository.owner}/${repository.name}`;
      failures.push(targets.length === 1 ? error : new Error(`${place}: ${error.message}`, { cause: error }));
    });
    if (branch === undefined) {
      continue;
    }
    for (const [index, { environment, folder }] of target.environments.entries()) {
      const change = branch.changes[index] ?? { added: [], changed: [], removed: [], edited: [] };
      const { files, notes = [] } = all.get(environment) ?? {};
      const said = [...notes, ...(index === 0 ? branch.notes : [])];
      written.push({ environment, folder, branch, objects: files?.size ?? 0, change, notes: said });
    }
  }
  if (failures.length > 0) {
    throw failures.length === 1 ? failures[0] : new Error(failures.map(({ message }) => message).join('\n'));
  }
  return written;
}

function optionsFor(request: RenderRequest, environment: string): RenderOptions {
  const { configurations, values, release, namespace } = request;
  return {
    ...request,
    configurations: configurations?.map((name) => named(name, environment)) ?? [environment],
    areNamed: configurations !== undefined,
    values: values.map((path) => inRepository('values', named(path, environment))),
    release: release && named(release, environment),
    namespace: namespace && named(namespace, environment),
  };
}

/** What is rendered: a folder, or a chart, with the folder that its lock file is in. */
interface Source {
  folder: string;
  chart: ServedChart | undefined;
}

function sourceOf(request: RenderRequest, environment: string): Source {
  const chart = servedChart(named(request.source, environment), request.version);
  if (chart !== undefined) {
    const options = optionsFor(request, environment);
    const folder = inRepository('values', posix.dirname(options.values[0] ?? ''));
    return { folder, chart: { ...chart, user: releaseKey(chart, environment, options) } };
  }
  const folder = inRepository('source', named(request.source, environment));
  if (request.version !== undefined) {
    throw new Error(
      `Input "version" is "${request.version}", and "source" is the folder ${folder || '.'}. Expected the address of a chart there, for example oci://ghcr.io/acme/charts/web.`,
    );
  }
  return { folder, chart: undefined };
}

/**
 * The folder of the workspace for each environment.
 *
 * @param output a folder, in which `{environment}` is the name of each
 * @throws Error where two would be written to one, one lies in another, or somebody else's files are
 */
export function outputFolders(request: RenderRequest, output: string): Map<string, string> {
  const { environments } = request;
  const sources = environments.map((environment) => sourceOf(request, environment));
  const pattern = output.includes('{environment}') || environments.length === 1 ? output : `${output}/{environment}`;
  const folders = environments.map(
    (environment) => [environment, inRepository('output', named(pattern, environment))] as const,
  );
  for (const [environment, folder] of folders) {
    const whose = ownerOf(folder, sources);
    if (whose !== undefined) {
      throw new Error(`Input "output" is ${whose}, expected a folder of its own.`);
    }
    const other = folders.find(([name, place]) => name !== environment && `${folder}/`.startsWith(`${place}/`));
    if (other !== undefined) {
      throw new Error(
        `Input "output" is "${output}", which puts ${environment} into the folder of ${other[0]}. Expected {environment} as a name of a folder in it.`,
      );
    }
  }
  return new Map(folders);
}

/** What a folder is already, the part of a sentence; `undefined` where it can be written. */
function ownerOf(folder: string, sources: readonly Source[]): string | undefined {
  if (folder === '') {
    return 'the root of the repository';
  }
  if (folder.split('/').some((step) => step.toLowerCase() === '.git')) {
    return `"${folder}", which is git's own`;
  }
  const isSource = sources.some((source) => source.chart === undefined && source.folder === folder);
  return isSource ? `"${folder}", which is what is rendered` : undefined;
}

function named(pattern: string, environment: string): string {
  return pattern.replaceAll('{environment}', environment);
}

function inRepository(input: string, path: string): string {
  const inside = pathIn('', path);
  if (inside === undefined) {
    throw new Error(`Input "${input}" is "${path}", which leads out of the repository. Expected a path in it.`);
  }
  return inside;
}

function refuseSecrets(files: ReadonlyMap<string, string>, objects: readonly ManifestObject[]): void {
  const problems = [...files].flatMap(([path, text]) => secretProblems(path, undefined, text));
  if (problems.length > 0) {
    const byFile = objectsByFile(objects);
    const lines = problems.map(({ file, message }) => `${message} It comes from ${byFile.get(file)?.from ?? file}.`);
    throw new Error(`${lines.join('\n')} Let the values of a chart name a Secret that is there already.`);
  }
}
