/**
 * A definition of many charts, materialized beside a loop that runs `helm template` for one after the other, turn and turn about.
 *
 *     npm run bench -- --charts 200
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutAt } from '../../src/materialize/checkout.js';
import { renderEnvironments } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { NOTHING_REMOTE, REQUEST } from '../../test/materialize/support.js';

const run = promisify(execFile);

const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec: { containers: [{ name: app, image: "ghcr.io/acme/{{ .Release.Name }}:{{ .Values.tag }}" }] }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: {{ .Release.Name }} }, ports: [{ port: 80 }] }
`;

/** A definition of so many applications, each with a chart of its own. */
export function chartFiles(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  const parts = names.map((name) => `  - { name: ${name}, type: helm, path: charts/${name} }\n`);
  const charts = names.flatMap((name) => [
    [`charts/${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`],
    [`charts/${name}/values.yaml`, 'replicas: 1\ntag: 1.0.0\n'],
    [`charts/${name}/templates/app.yaml`, TEMPLATE],
  ]);
  return {
    'component.yaml': `name: cluster\nsubcomponents:\n${parts.join('')}`,
    'config/prod.yaml': `subcomponents:\n${names.map((name) => `  ${name}: { config: { replicas: 3 } }\n`).join('')}`,
    ...Object.fromEntries(charts),
  };
}

/** Renders all of it as `materialize` does. @returns how many objects there are */
export async function materialized(root: string): Promise<number> {
  const checkout = await checkoutAt(root);
  const [prod] = await renderEnvironments(checkout, REQUEST, async () => NOTHING_REMOTE, new Tools());
  return prod?.files.size ?? 0;
}

/** The same charts, one after the other. */
async function inALoop(root: string, count: number): Promise<number> {
  let objects = 0;
  for (let index = 0; index < count; index += 1) {
    const name = `app-${index}`;
    const chart = join(root, 'charts', name);
    const { stdout } = await run('helm', ['template', name, chart, '--set', 'replicas=3'], { maxBuffer: 1e8 });
    objects += stdout.split('\n---\n').length;
  }
  return objects;
}

/** Seconds of both ways, the best of some runs, as Markdown. */
export async function chartsReport(count: number, runs: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ostack-charts-'));
  try {
    await writeAll(root, chartFiles(count));
    const best = { ours: Infinity, loop: Infinity };
    let objects = 0;
    for (let index = 0; index < runs; index += 1) {
      const start = performance.now();
      objects = await materialized(root);
      const between = performance.now();
      const looped = await inALoop(root, count);
      best.ours = Math.min(best.ours, between - start);
      best.loop = Math.min(best.loop, performance.now() - between);
      if (looped !== objects) {
        throw new Error(`The loop made ${looped} objects, and materialize ${objects}: their times do not compare.`);
      }
    }
    const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
    return [
      `| ${count} charts, ${objects} objects, ${availableParallelism()} processors | time | |`,
      '| --- | --- | --- |',
      `| \`helm template\`, one after the other | ${seconds(best.loop)} | |`,
      `| materialize: rendered, read, checked, one file for each object | ${seconds(best.ours)} | ${(best.loop / best.ours).toFixed(1)} times as fast |`,
    ].join('\n');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function writeAll(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
