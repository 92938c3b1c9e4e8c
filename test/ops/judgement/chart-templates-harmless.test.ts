/** What templates of charts say that makes no other image. */
import { describe, expect, test } from '@jest/globals';
import {
  type Edits,
  FILES,
  HELPER,
  HELPERS,
  having,
  imaged,
  PLAIN_IMAGE,
  problems,
  RELEASE,
  released,
  TEMPLATE,
  template,
  VALUES,
} from './chart.js';
import type { Files } from './support.js';

describe.each<[string, Files, Edits]>([
  [
    'something else of the template',
    FILES,
    { [TEMPLATE]: `${template(PLAIN_IMAGE)}\n      terminationGracePeriodSeconds: 30\n` },
  ],
  [
    'a default of something else',
    FILES,
    imaged(PLAIN_IMAGE, '          level: {{ .Values.level | default "info" | quote }}'),
  ],
  ['a format', FILES, imaged('{{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}')],
  [
    'a format with a digest',
    FILES,
    imaged('{{ printf "%s@sha256:%s" .Values.image.repository (.Values.image.tag | toString) }}'),
  ],
  ['a helper of values', FILES, imaged('{{ include "w.image" . | quote }}')],
  [
    'a helper of values with its mapping',
    FILES,
    imaged('{{ include "w.image" (dict "imageRoot" .Values.image "global" .Values.global) | trim }}'),
  ],
  ['a value by its key', FILES, imaged('{{ index .Values "image" "repository" }}:{{ get .Values.image "tag" }}')],
  [
    'a required value',
    FILES,
    imaged('{{ required "image.repository is required" .Values.image.repository }}:{{ .Values.image.tag }}'),
  ],
  [
    'a condition',
    FILES,
    imaged(
      '{{ if eq .Values.mode "fast" }}{{ .Values.image.repository }}{{ else }}{{ .Values.image.repository }}{{ end }}:{{ .Values.image.tag }}',
    ),
  ],
  [
    'a condition with a prefix',
    FILES,
    imaged(
      '{{ .Values.image.repository }}{{ if hasPrefix "sha256:" .Values.image.tag }}@{{ else }}:{{ end }}{{ .Values.image.tag }}',
    ),
  ],
  ['a comment', FILES, { [TEMPLATE]: `{{/* image: evil/x:6 */}}\n${template(PLAIN_IMAGE)}` }],
  ['a comment of YAML', FILES, { [TEMPLATE]: `# image: nginx:6.6.6\n${template(PLAIN_IMAGE)}` }],
  ['annotations', FILES, imaged(PLAIN_IMAGE, '      annotations: {{ toYaml .Values.annotations | nindent 8 }}')],
  ['keys that are made', FILES, imaged(PLAIN_IMAGE, '          {{ $key }}: {{ $value | quote }}')],
  [
    'what was there before',
    having(imaged('nginx:{{ "1.0.0" }}')),
    imaged('nginx:{{ "1.0.0" }}', '          level: info'),
  ],
  [
    'what was there before, in a helper',
    having({
      [HELPER]: `${HELPERS}{{- define "w.other" -}}{{ "evil/x:6" }}{{- end }}`,
      [TEMPLATE]: template('{{ include "w.other" . }}'),
    }),
    { [HELPER]: `{{- define "w.other" -}}{{ "evil/x:6" }}{{- end }}\n${HELPERS}` },
  ],
  [
    'another version of the chart',
    FILES,
    { 'charts/w/Chart.yaml': 'apiVersion: v2\nname: w\nversion: 1.1.0\nappVersion: 1.0.0\n' },
  ],
  ['another value', FILES, { [VALUES]: (FILES[VALUES] ?? '').replace('replicas: 1', 'replicas: 3') }],
  [
    'a value that no image is made of',
    FILES,
    { [VALUES]: (FILES[VALUES] ?? '').replace('build: 1.0.0', 'build: 2.0.0') },
  ],
  ['notes', FILES, { 'charts/w/templates/NOTES.txt': 'image: evil/x:6 {{ "evil/x:6" }}\n' }],
])('%s', (_name, before, edits) => {
  test('is no problem', async () => expect(await problems(before, edits)).toBe(''));
});

test('a value that the policy names is judged as the version of its app', async () => {
  const policy = `${FILES['ostack.yaml']}carriers: [{ file: "clusters/{environment}/w.yaml", path: spec.values.build, image: ghcr.io/acme/w }]\n`;
  const [before, after] = ['1.0.0', '1.1.0'].map((version) => released(`values: { build: ${version} }`));
  const files = having({
    [TEMPLATE]: template('{{ .Values.image.repository }}:{{ .Values.build }}'),
    [RELEASE]: before ?? '',
  });
  expect(await problems(files, { [RELEASE]: after })).toContain('name the place under "carriers"');
  expect(await problems({ ...files, 'ostack.yaml': policy }, { [RELEASE]: after })).toBe('');
});
