import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helmSays } from './run-helm.js';

/** A release of a chart, as `helm template` takes it. */
export interface HelmRelease {
  /** Absolute path of the chart's folder, or of its package. */
  path: string;
  name: string;
  namespace: string;
  /** Contents of values files, the strongest last. */
  values: readonly string[];
  /** What these files are called in messages. */
  valueNames?: readonly string[];
  /** `name=value`, stronger than all values. */
  parameters?: readonly string[];
  /** What the cluster is said to have; helm's own where it is left out. */
  capabilities?: { kubeVersion: string | undefined; apiVersions: readonly string[] } | undefined;
  /** Whether the definitions of its `crds` folder are among the objects. */
  withDefinitions: boolean;
}

/** A release and a namespace become arguments. */
const WORD = /^[A-Za-z0-9][\w.+-]*$/;

/**
 * Renders a release with the machine's own helm: the one way to do so, for what is checked and what is materialized. Nothing is
 * fetched.
 *
 * @param helm runs helm; by default the machine's own
 * @returns the manifest, and what helm warned of
 * @throws Error with what helm said, without paths of this machine
 */
export async function helmTemplate(
  release: HelmRelease,
  helm: typeof helmSays = helmSays,
): Promise<{ manifest: string; warnings: string[] }> {
  const { path, name, namespace, values, parameters = [], withDefinitions, capabilities } = release;
  const { valueNames = [] } = release;
  if (!WORD.test(name) || !WORD.test(namespace)) {
    throw new Error(`"${name}" in "${namespace}" is no name of a release.`);
  }
  const claimed = capabilityArguments(capabilities);
  if (await hasLink(path)) {
    // Helm follows links, also to files of the machine.
    throw new Error(`there is a symbolic link in ${path}.`);
  }
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-chart-'));
  const files = values.map((_, index) => join(scratch, `values-${index}.yaml`));
  const clean = (text: string) =>
    files
      .reduce((said, file, index) => said.replaceAll(file, () => valueNames[index] ?? file), text)
      .replaceAll(`${scratch}/`, '');
  try {
    await Promise.all(files.map((file, index) => writeFile(file, values[index] ?? '')));
    const { stdout, stderr } = await helm(
      [
        ...['template', name, path, '--namespace', namespace, ...(withDefinitions ? ['--include-crds'] : [])],
        ...files.flatMap((file) => ['--values', file]),
        ...parameters.flatMap((parameter) => ['--set', parameter]),
        ...claimed,
      ],
      scratch,
    );
    const lines = clean(stderr)
      .split('\n')
      .map((line) => line.trim());
    return { manifest: stdout, warnings: [...new Set(lines)].filter((line) => line !== '') };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(clean(said).replaceAll(`${path}/`, ''));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A version of Kubernetes, or of an API: `1.31.0`, `monitoring.coreos.com/v1/ServiceMonitor`. */
const CAPABILITY = /^[A-Za-z0-9][\w.+/-]*$/;

function capabilityArguments(capabilities: HelmRelease['capabilities']): string[] {
  const { kubeVersion, apiVersions = [] } = capabilities ?? {};
  const wrong = [...apiVersions, ...(kubeVersion === undefined ? [] : [kubeVersion])].find(
    (each) => !CAPABILITY.test(each),
  );
  if (wrong !== undefined) {
    throw new Error(`"${wrong}" is no version of Kubernetes or of an API.`);
  }
  return [
    ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
    ...apiVersions.flatMap((each) => ['--api-versions', each]),
  ];
}

/** Whether a file or folder is, or holds, a symbolic link. */
function hasLink(path: string): Promise<boolean> {
  return someFile(path, async (file) => (await lstat(file)).isSymbolicLink());
}

/** Whether a file, or one in a folder and the folders in it, is such a one. Links are followed nowhere. */
export async function someFile(path: string, is: (path: string) => Promise<boolean>): Promise<boolean> {
  if (!(await lstat(path)).isDirectory()) {
    return is(path);
  }
  const inside = await Promise.all((await readdir(path)).map((name) => someFile(join(path, name), is)));
  return inside.includes(true);
}
