import { OPS_FILES } from '../../actions/create-preview-env/support.js';

const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';

/** A Flux Kustomization of a path, which waits until what it applied is healthy. */
function kustomization(name: string, path: string, more = ''): string {
  return `apiVersion: ${KUSTOMIZE}
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  retryInterval: 5s
  timeout: 30s
  path: ./${path}
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
${more}`;
}

/** What Flux reads the repository with, which is never in it. */
export function credentials(token: string): string {
  return `apiVersion: v1
kind: Secret
metadata: { name: flux-system, namespace: flux-system }
stringData: { username: x-access-token, password: "${token}" }
`;
}

/** What a cluster begins with: the repository, and the objects of its folder. */
export function syncObjects(url: string): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: "${url}", ref: { branch: main }, secretRef: { name: flux-system } }
---
${kustomization('flux-system', 'clusters/staging')}`;
}

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: hello, namespace: staging }
spec:
  interval: 10m
  timeout: 30s
  chart:
    spec:
      chart: ./charts/hello
      reconcileStrategy: Revision
      sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
  install: { disableWait: true }
  upgrade: { disableWait: true }
  values: { image: { repository: ghcr.io/acme/hello, tag: 1.0.0 } }
`;

const CHART = `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}" }
{{- if eq .Values.image.tag "0.0.0" }}{{ fail "no such version" }}{{ end }}
`;

export const HELM_RELEASE = 'overlays/staging/hello/release.yaml';

/** The release with another version. */
export function helmRelease(version: string): string {
  return RELEASE.replace('tag: 1.0.0', `tag: ${version}`);
}

/** An ops repository of a staging cluster, with an app of an overlay and one of a HelmRelease. */
export function fluxFiles(url: string): Record<string, string> {
  const { 'clusters/staging/previews/ostack-previews.yaml': _, ...files } = OPS_FILES;
  const waits = '  wait: true\n  targetNamespace: staging\n';
  const policy = (OPS_FILES['ostack.yaml'] ?? '').replace(
    'cd: true',
    'cd: true, on-failure: rollback, ready: { creators: [octocat] }',
  );
  return {
    ...files,
    'ostack.yaml': policy,
    'clusters/staging/flux-system/gotk-sync.yaml': syncObjects(url),
    'clusters/staging/apps.yaml': [
      kustomization('my-app', 'overlays/staging/my-app', waits),
      kustomization('hello', 'overlays/staging/hello', '  wait: true\n'),
    ].join('---\n'),
    'overlays/staging/hello/kustomization.yaml': 'resources: [release.yaml]\n',
    [HELM_RELEASE]: helmRelease('1.0.0'),
    'charts/hello/Chart.yaml': 'apiVersion: v2\nname: hello\nversion: 0.1.0\n',
    'charts/hello/templates/config.yaml': CHART,
  };
}
