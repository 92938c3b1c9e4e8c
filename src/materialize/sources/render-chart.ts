import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type HelmRelease, helmTemplate, someFile } from '../../ops/render/helm-template.js';
import { helmSays } from '../../ops/render/run-helm.js';
import { readChartObjects } from '../manifests/chart-objects.js';
import { type ManifestObject, objectName } from '../manifests/objects.js';
import { textAt, writeValue } from '../values.js';

/** A chart with what it is rendered with. */
export interface ChartRender extends HelmRelease {
  /** For messages. */
  from: string;
  /** Whether its hooks and tests are among the objects. */
  withHooks: boolean;
  /** Whether its tests are then among them, too; by default they are. */
  withTests?: boolean;
}

/** The namespace of a release for which nothing names one, as in helm. */
export const DEFAULT_NAMESPACE = 'default';

/** By which helm marks hooks and tests. @see https://helm.sh/docs/topics/charts_hooks/ */
const HOOK = 'helm.sh/hook';

/**
 * Renders a chart with the machine's own helm.
 *
 * @param note is told what was left out, and what helm warns of
 * @throws Error with what helm said, that there is a link in the chart, which helm would follow, or that it comes to another object each
 *   time
 */
export async function renderChart(chart: ChartRender, note: (text: string) => void): Promise<ManifestObject[]> {
  const { path, from } = chart;
  const all = await rendered(chart, note);
  if (!chart.withDefinitions && (await hasDefinitions(path))) {
    note(`${from}: the definitions in its folder crds are left out. Say \`crds: true\` to have them.`);
  }
  const objects = withoutHooks(all, chart, note);
  if (await isOfChance(chart)) {
    const again = new Set((await rendered(chart, () => undefined)).map(({ value }) => writeValue(value)));
    // What is a secret is refused anyhow, or left out.
    const other = objects.find(({ kind, value }) => kind !== 'Secret' && !again.has(writeValue(value)));
    if (other !== undefined) {
      throw new Error(
        `${other.from}: ${objectName(other)} is another one each time, so that each run would change it. Set the value of the chart that it is made of (for a secret, the name of one that is there), or leave it out.`,
      );
    }
  }
  return objects;
}

async function rendered(chart: ChartRender, note: (text: string) => void): Promise<ManifestObject[]> {
  const { path, from } = chart;
  const clean = (text: string) => text.replaceAll(path, from);
  const { manifest, warnings } = await helmTemplate(chart).catch((error: unknown) => {
    throw new Error(`${from} is not rendered: ${clean(error instanceof Error ? error.message : String(error))}`);
  });
  for (const warning of warnings) {
    note(`${from}: helm says: ${clean(warning)}`);
  }
  return readChartObjects(manifest, from, note);
}

/** Functions that give something else each time. @see https://masterminds.github.io/sprig/ */
const CHANCE =
  /\b(?:rand[A-Z]\w+|gen(?:CA|PrivateKey|SelfSigned|Signed)\w*|uuidv4|now|htpasswd|bcrypt|encryptAES|shuffle)\b/;

/** Whether a template has one of these in an action, or a package is in a package, which nobody looks into. */
function saysChance(text: string): boolean {
  const actions = text.split('{{').slice(1);
  return text.includes('.tgz\0') || actions.some((action) => CHANCE.test(action.split('}}', 1)[0] ?? ''));
}

/** Whether a chart may come to something else each time. */
async function isOfChance({ path, values }: ChartRender): Promise<boolean> {
  return (
    values.some(saysChance) ||
    someFile(path, async (file) => {
      const content = await readFile(file);
      return saysChance((file.endsWith('.tgz') ? gunzipSync(content) : content).toString('latin1'));
    })
  );
}

/** Whether a chart, or one that it depends on, has definitions. Helm is asked only where a folder cannot tell. */
async function hasDefinitions(path: string): Promise<boolean> {
  if ((await stat(path)).isDirectory()) {
    if ((await readdir(path)).includes('crds')) {
      return true;
    }
    if ((await readdir(join(path, 'charts')).catch(() => [])).length === 0) {
      return false;
    }
  }
  return (await helmSays(['show', 'crds', path], '.').catch(() => ({ stdout: '' }))).stdout.includes('kind:');
}

function withoutHooks(
  objects: readonly ManifestObject[],
  { from, withHooks, withTests = true }: ChartRender,
  note: (text: string) => void,
) {
  const isLeft = ({ value }: ManifestObject) => {
    const hook = textAt(value, 'metadata', 'annotations', HOOK);
    return hook !== undefined && (!withHooks || (!withTests && hook.split(',').some((each) => /^\s*test/.test(each))));
  };
  const left = objects.filter(isLeft);
  if (left.length > 0) {
    const names = left.map(objectName).join(', ');
    const how = withHooks ? 'tests are left out' : 'hooks and tests are left out';
    const wish = withHooks ? '`skipTests` says so' : 'Say `chart-hooks: true` to have them as plain objects';
    note(`${from}: ${how} (${names}). ${wish}.`);
  }
  return objects.filter((object) => !isLeft(object));
}
