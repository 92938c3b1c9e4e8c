/** A chart in the repository that production has, and changes of it. */
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { FLUX } from '../../attacks/support/flux.js';
import { changeOf, type Files } from './support.js';

export type Edits = Record<string, string | undefined>;

export const HELPERS = [
  '{{- define "w.name" -}}',
  '{{ default "w" .Values.nameOverride }}',
  '{{- end }}',
  '{{- define "w.image" -}}',
  '{{ printf "%s:%s" .Values.image.repository .Values.image.tag }}',
  '{{- end }}',
  '',
].join('\n');
/** The template of a Deployment, with what it says of its image. */
export const template = (image: string, more = '') =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: {{ include "w.name" . }}',
    'spec:',
    '  replicas: {{ .Values.replicas | default 1 }}',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: {{ printf "%s-%s" .Release.Name "web" | trunc 63 }}',
    `          image: ${image}`,
    '          imagePullPolicy: {{ .Values.pullPolicy | default "IfNotPresent" }}',
    more,
  ].join('\n');
export const PLAIN_IMAGE = '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"';
export const TEMPLATE = 'charts/w/templates/deployment.yaml';
export const HELPER = 'charts/w/templates/_helpers.tpl';
export const VALUES = 'charts/w/values.yaml';
export const FILES: Files = {
  ...FLUX[0],
  'clusters/production/w.yaml':
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: w, namespace: flux-system }\nspec: { interval: 5m, chart: { spec: { chart: ./charts/w, sourceRef: { kind: GitRepository, name: ops } } } }\n',
  'charts/w/Chart.yaml': 'apiVersion: v2\nname: w\nversion: 1.0.0\nappVersion: 1.0.0\n',
  [VALUES]: 'replicas: 1\nimage: { repository: ghcr.io/acme/w, tag: 1.0.0 }\nbuild: 1.0.0\n',
  [TEMPLATE]: template(PLAIN_IMAGE),
  [HELPER]: HELPERS,
};
export const RELEASE = 'clusters/production/w.yaml';
export const released = (more: string) => (FILES[RELEASE] ?? '').replace('interval: 5m', `interval: 5m, ${more}`);
export const valuesMap = (build: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: v }\ndata:\n  values.yaml: |\n    build: ${build}\n`;
/** Another image of the template. */
export const imaged = (image: string, more = ''): Files => ({ [TEMPLATE]: template(image, more) });
export const having = (files: Files): Files => ({ ...FILES, ...files });
export const helped = (define: string) => ({
  [TEMPLATE]: template('{{ include "w.other" . }}'),
  [HELPER]: `${HELPERS}${define}`,
});

/** What production is told of a change. */
export async function problems(before: Files, edits: Edits): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  return (facts.problems.get('production') ?? []).map(({ message }) => message).join(' | ');
}
