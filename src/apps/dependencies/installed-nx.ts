import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { inside } from '../config.js';
import { liesIn } from '../lies-in.js';
import { NOTHING, type PackageGraph } from './package-graph.js';
import { readData } from './read-data.js';

/** Milliseconds that Nx has to tell its graph. */
const LONGEST_MS = 120_000;

/** Variables that Nx and its plugins do not get: inputs and files of the step, the runner's service, whatever is secret. */
const WITHHELD = /^(?:INPUT_|STATE_|ACTIONS_|GITHUB_|GIT_CONFIG_)|TOKEN|SECRET|PASSWORD|_KEY$/i;

/** Nothing that stays behind, no network, no pictures. */
const SETTINGS = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' };

/** The file of `nx graph --file`. @see https://nx.dev/docs/reference/devkit/GraphJson */
const graphSchema = v.object({
  graph: v.object({
    nodes: v.record(v.string(), v.object({ data: v.object({ root: v.string() }) })),
    dependencies: v.record(v.string(), v.array(v.object({ target: v.string() }))),
  }),
});

/** What is seen without Nx, and what is not. */
const WITHOUT =
  'what apps depend on is read from project.json, package.json and the workspace only, and what is merely imported is not ' +
  'seen: name it under "shared" of the app in ostack.yaml, or in "implicitDependencies"';

/** Who hears what is not known. */
export interface NxListener {
  /** Nx is used, and not installed here. */
  tell(sentence: string): void;
  /** Nx is installed, and does not answer. */
  warn(sentence: string): void;
}

/**
 * The project graph as Nx itself tells it, which knows what is only imported, too: where Nx is used and installed in the
 * checkout. This runs code of the repository, without anything secret. Where it is used and not installed, as in the jobs of
 * the reusable workflows, that is told.
 *
 * @param root folder of the checkout
 * @returns nothing where there is no Nx to ask
 */
export async function installedNx(root: string, { tell, warn }: NxListener): Promise<PackageGraph[]> {
  const nx = join(root, 'node_modules', '.bin', 'nx');
  if (!(await exists(join(root, 'nx.json')))) {
    return [];
  }
  if (!(await exists(nx))) {
    tell(`Nx is used here and not installed in this checkout: ${WITHOUT}.`);
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), 'ostack-nx-'));
  const file = join(folder, 'graph.json');
  try {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !WITHHELD.test(name)));
    await promisify(execFile)(nx, ['graph', `--file=${file}`], {
      cwd: root,
      env: { ...env, ...SETTINGS },
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    return [graphOf(await readFile(file, 'utf8'))];
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    warn(`Nx is installed here, but "nx graph" does not work: ${why}. So ${WITHOUT}.`);
    return [];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Reads the file of `nx graph`.
 *
 * @throws Error when it is no such file
 */
export function graphOf(text: string): PackageGraph {
  const found = readData(graphSchema, () => JSON.parse(text))?.graph;
  if (found === undefined) {
    throw new Error('its file has no project graph');
  }
  const folders = new Map(
    Object.entries(found.nodes).map(([name, { data }]) => [name, data.root === '' ? '.' : inside(data.root)]),
  );
  const needs = new Map<string, string[]>();
  for (const [name, targets] of Object.entries(found.dependencies)) {
    const folder = folders.get(name);
    if (folder !== undefined) {
      needs.set(
        folder,
        targets.map(({ target }) => folders.get(target)).filter((one) => one !== undefined),
      );
    }
  }
  return {
    below: async (folder) => [...needs.keys()].filter((one) => liesIn(one, folder)),
    needs: async (folder) => ({ ...NOTHING, runtime: needs.get(folder) ?? [] }),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
