import { secretProblems } from '../ops/tree/plain-secrets.js';
import { type Checkout, pathIn } from './checkout.js';
import { manifestFiles } from './manifests/files.js';
import { renderSource } from './sources/render-source.js';
import type { RemoteSources, RenderOptions } from './sources/source.js';
import type { Tools } from './sources/tools.js';
import { type FolderChange, writeFolder } from './write-folder.js';

/** What is to be rendered, and where it goes. In each text `{environment}` is its name. */
export interface MaterializeRequest extends Omit<RenderOptions, 'configurations' | 'areNamed'> {
  /** The folder that is rendered, from the root of the checkout. */
  source: string;
  environments: readonly string[];
  /** The strongest first; `undefined` for the environment's own name. */
  configurations: readonly string[] | undefined;
  /** The folder that is written, from the root. */
  output: string;
  dryRun: boolean;
}

/** What became of an environment. */
export interface MaterializedEnvironment {
  environment: string;
  output: string;
  objects: number;
  change: FolderChange;
  /** What a person should know, as sentences. */
  notes: string[];
}

/** What a run came to. */
export interface Materialized {
  environments: MaterializedEnvironment[];
  /** Versions of the tools that rendered, by name. */
  tools: Record<string, string>;
}

/**
 * Renders each environment and makes its folder hold that and no more. All are rendered before the first is written: where
 * one cannot be, none is.
 *
 * @param remoteOf what brings the remote parts of a source, by its folder
 * @throws Error with the place of what cannot be rendered or written, a secret in plain text, an environment without objects
 */
export async function materialize(
  checkout: Checkout,
  request: MaterializeRequest,
  remoteOf: (source: string) => Promise<RemoteSources>,
  tools: Tools,
): Promise<Materialized> {
  const folders = outputsOf(request);
  const rendered: { environment: string; output: string; files: Map<string, string>; notes: string[] }[] = [];
  for (const { environment, output } of folders) {
    const source = inRepository('source', named(request.source, environment));
    const remote = await remoteOf(source);
    const { objects, notes } = await renderSource(checkout, source, optionsFor(request, environment), remote, tools);
    if (objects.length === 0) {
      const found = `${source || 'The root'} comes to no object for ${environment}`;
      throw new Error(`${found}, and an empty environment takes everything away. Expected one at least.`);
    }
    const files = manifestFiles(objects);
    refuseSecrets(files);
    rendered.push({ environment, output, files, notes });
  }
  const environments: MaterializedEnvironment[] = [];
  for (const { environment, output, files, notes } of rendered) {
    const change = await writeFolder(checkout, output, files, request.dryRun);
    const edits = change.edited.map((path) => `${output}/${path} was edited since it was written, and is put right.`);
    environments.push({ environment, output, objects: files.size, change, notes: [...notes, ...edits] });
  }
  return { environments, tools: await tools.versions() };
}

function optionsFor(request: MaterializeRequest, environment: string): RenderOptions {
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

/** The folder of each environment. @throws Error where two would be written to one, or one lies in another */
function outputsOf({ environments, output }: MaterializeRequest): { environment: string; output: string }[] {
  const pattern = output.includes('{environment}') || environments.length === 1 ? output : `${output}/{environment}`;
  const folders = environments.map((environment) => ({
    environment,
    output: inRepository('output', named(pattern, environment)),
  }));
  for (const { environment, output: folder } of folders) {
    if (folder === '') {
      throw new Error('Input "output" is the root of the repository, expected a folder of its own.');
    }
    const other = folders.find(
      (each) => each.environment !== environment && `${folder}/`.startsWith(`${each.output}/`),
    );
    if (other !== undefined) {
      throw new Error(
        `Input "output" is "${output}", which puts ${environment} into the folder of ${other.environment}. Expected {environment} as a name of a folder in it.`,
      );
    }
  }
  return folders;
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

function refuseSecrets(files: ReadonlyMap<string, string>): void {
  const problems = [...files].flatMap(([path, text]) => secretProblems(path, undefined, text));
  if (problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join('\n'));
  }
}
