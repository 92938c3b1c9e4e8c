import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helmSays } from '../../ops/render/run-helm.js';
import { hasLink } from '../../ops/render/template-chart.js';
import { type ManifestObject, objectName, readObjects } from '../manifests/objects.js';
import { textAt } from '../values.js';

/** A chart with what it is rendered with. */
export interface ChartRender {
  /** Absolute path of its folder, or of its package. */
  path: string;
  /** For messages. */
  from: string;
  release: string;
  namespace: string;
  /** Contents of values files, the strongest last. */
  values: readonly string[];
  /** Whether the definitions of its `crds` folder are among the objects. */
  withDefinitions: boolean;
  /** Whether its hooks and tests are among the objects. */
  withHooks: boolean;
}

/** By which helm marks hooks and tests. @see https://helm.sh/docs/topics/charts_hooks/ */
const HOOK = 'helm.sh/hook';

/**
 * Renders a chart with the machine's own helm.
 *
 * @param note is told what was left out, and what helm warns of
 * @throws Error with what helm said, or that there is a link in the chart, which helm would follow
 */
export async function renderChart(chart: ChartRender, note: (text: string) => void): Promise<ManifestObject[]> {
  const { path, from, release, namespace, values } = chart;
  if (await hasLink(path)) {
    throw new Error(`${from}: there is a symbolic link in it, which helm would follow. Expected files and folders.`);
  }
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-values-'));
  try {
    const files = values.map((_, index) => join(scratch, `values-${index}.yaml`));
    await Promise.all(files.map((file, index) => writeFile(file, values[index] ?? '')));
    const args = [
      'template',
      release,
      path,
      '--namespace',
      namespace,
      ...(chart.withDefinitions ? ['--include-crds'] : []),
    ];
    const said = await helmSays([...args, ...files.flatMap((file) => ['--values', file])], scratch);
    for (const line of new Set(said.stderr.split('\n').map((text) => text.trim()))) {
      if (line !== '') {
        note(`${from}: helm says: ${line}`);
      }
    }
    const objects = readObjects(said.stdout, from);
    await noteDefinitions(chart, note);
    return chart.withHooks ? objects : withoutHooks(objects, from, note);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${from} is not rendered: ${reason.replaceAll(`${scratch}/`, '').replaceAll(path, from)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function noteDefinitions({ path, from, withDefinitions }: ChartRender, note: (text: string) => void) {
  const has = await access(join(path, 'crds')).then(
    () => true,
    () => false,
  );
  if (has && !withDefinitions) {
    note(`${from}: the definitions in its folder crds are left out. Say \`crds: true\` to have them.`);
  }
}

function withoutHooks(objects: readonly ManifestObject[], from: string, note: (text: string) => void) {
  const isHook = ({ value }: ManifestObject) => textAt(value, 'metadata', 'annotations', HOOK) !== undefined;
  const left = objects.filter(isHook);
  if (left.length > 0) {
    const names = left.map(objectName).join(', ');
    note(`${from}: hooks and tests are left out (${names}). Say \`chart-hooks: true\` to have them as plain objects.`);
  }
  return objects.filter((object) => !isHook(object));
}
