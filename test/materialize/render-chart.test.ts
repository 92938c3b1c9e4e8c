import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { renderChart } from '../../src/materialize/sources/render-chart.js';
import { configMap, Folder } from './support.js';

/** A helm that prints these manifests, the first one when it is asked first, and counts how often that is. */
const helm = (first: string, then: string) =>
  `#!/bin/sh\necho . >> "$HOME/asked"\nif [ "$(wc -l < "$HOME/asked")" -eq 1 ]; then cat <<'E'\n${first}E\nelse cat <<'E'\n${then}E\nfi\n`;

/** @returns names of the objects, or the message; and how often helm was asked */
async function rendered(
  template: string | Buffer,
  [first, then]: readonly [string, string],
  values: readonly string[] = [],
  file = 'chart/templates/a.yaml',
): Promise<[string[] | string, number]> {
  await using folder = await Folder.of({
    'bin/helm': helm(first, then),
    'chart/Chart.yaml': 'name: web\n',
    [file]: '',
  });
  const { root } = folder.checkout;
  await writeFile(join(root, file), template);
  await chmod(join(root, 'bin/helm'), 0o755);
  const before = { ...process.env };
  Object.assign(process.env, { PATH: `${join(root, 'bin')}:${before.PATH ?? ''}`, HOME: root });
  const chart = { path: join(root, 'chart'), from: 'web', name: 'web', namespace: 'default', values };
  try {
    const found = await renderChart({ ...chart, withDefinitions: true, withHooks: false }, () => undefined).catch(
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const asked = (await readFile(join(root, 'asked'), 'utf8')).trim().split('\n').length;
    return [typeof found === 'string' ? found : found.map(({ name }) => name), asked];
  } finally {
    Object.assign(process.env, { PATH: before.PATH, HOME: before.HOME });
  }
}

const OTHERS = [configMap('one'), configMap('other')] as const;
const SAME = [configMap('one'), configMap('one')] as const;
const tested = (name: string) => configMap(name, ', annotations: { helm.sh/hook: test }');
const secret = (name: string) => `{ apiVersion: v1, kind: Secret, metadata: { name: ${name} } }\n`;

test.each([
  ['a name by chance', 'name: {{ randAlphaNum 5 | lower }}'],
  ['a certificate', '{{- $ca := genCA "web" 365 -}}'],
  ['the time', '{{ now | date "15:04:05" }}'],
  ['a hash with salt', '{{- $h := htpasswd "a" "b" }}'],
])('a chart with %s that comes to another object is refused', async (_what, template) => {
  expect(await rendered(template, OTHERS)).toEqual([
    expect.stringMatching(/^web:\d+: ConfigMap one is another one each time.* Set the value of the chart/),
    2,
  ]);
});

test('so is one whose values say it', async () => {
  expect(await rendered('{{ tpl .Values.a . }}', OTHERS, ['a: "{{ uuidv4 }}"'])).toEqual([
    expect.stringContaining('another one each time'),
    2,
  ]);
});

test.each<[string, readonly [string, string], string[]]>([
  ['come to the same', SAME, ['one']],
  ['are tests, which are left out', [`${tested('a')}---\n${SAME[0]}`, `${tested('b')}---\n${SAME[0]}`], ['one']],
  ['are secrets, which are refused in plain text', [secret('a'), secret('b')], ['a']],
])('what may be made by chance is no mistake where objects %s', async (_what, printed, expected) => {
  expect(await rendered('{{ randAlphaNum 5 }}', printed)).toEqual([expected, 2]);
});

test('a chart without anything of chance is rendered once', async () => {
  expect(await rendered('name: {{ .Values.name }} # not now', OTHERS)).toEqual([['one'], 1]);
});

test.each([
  ['of chance in its own templates', 'templates/a.yaml\0{{ uuidv4 }}', 2],
  ['of another package in it', 'charts/a.tgz\0', 2],
  ['of neither', 'templates/a.yaml\0a: b', 1],
])('a package with something %s', async (_what, inside, times) => {
  expect(await rendered(gzipSync(inside), SAME, [], 'chart/charts/near-1.0.0.tgz')).toEqual([['one'], times]);
});
