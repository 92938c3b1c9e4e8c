/** A small ops repository whose environments install a chart, `ingress-nginx`. */
export interface ChartRepository {
  name: string;
  files: Readonly<Record<string, string>>;
  /** What `ostack.yaml` says of the layout, where the tree does not. */
  policy?: string;
  /** Whether helm renews a lock. */
  locked?: true;
}

const ENVIRONMENTS = [
  ['staging', '4.10.1'],
  ['production', '4.9.0'],
] as const;

/** The files of both environments. */
function both(make: (environment: string, version: string) => Record<string, string>): Record<string, string> {
  return Object.assign({}, ...ENVIRONMENTS.map(([environment, version]) => make(environment, version)));
}

const REPO = 'https://kubernetes.github.io/ingress-nginx';
const helmRelease = (version: string, name = 'ingress-nginx') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 1h
  chart:
    spec:
      chart: ingress-nginx
      version: ${version}
      sourceRef: { kind: HelmRepository, name: ingress-nginx }
`;
const application = (environment: string, version: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ingress-nginx-${environment}
spec:
  destination: { server: https://kubernetes.default.svc, namespace: ingress }
  source:
    repoURL: ${REPO}
    chart: ingress-nginx
    targetRevision: ${version}
`;

export const CHART_REPOSITORIES: readonly ChartRepository[] = [
  {
    name: 'a HelmRelease in a folder of its own',
    files: both((environment, version) => ({
      [`overlays/${environment}/ingress-nginx/kustomization.yaml`]: 'resources: [release.yaml]\n',
      [`overlays/${environment}/ingress-nginx/release.yaml`]: helmRelease(version),
    })),
  },
  {
    name: "Flux's monorepo, with the version in a patch of each environment",
    files: {
      'apps/base/ingress-nginx/kustomization.yaml': 'resources: [release.yaml]\n',
      'apps/base/ingress-nginx/release.yaml': helmRelease('">=4.0.0"'),
      'apps/base/podinfo/kustomization.yaml': 'resources: [release.yaml]\n',
      'apps/base/podinfo/release.yaml': helmRelease('1.0.0', 'podinfo'),
      ...both((environment, version) => ({
        [`apps/${environment}/kustomization.yaml`]:
          'resources:\n- ../base/ingress-nginx\n- ../base/podinfo\npatches:\n- path: ingress-nginx-values.yaml\n  target: { kind: HelmRelease, name: ingress-nginx }\n',
        [`apps/${environment}/ingress-nginx-values.yaml`]: `kind: HelmRelease\nmetadata:\n  name: ingress-nginx\nspec:\n  chart:\n    spec:\n      version: ${version}\n`,
      })),
    },
  },
  {
    name: 'an OCIRepository that a HelmRelease refers to',
    files: both((environment, version) => ({
      [`overlays/${environment}/ingress-nginx/kustomization.yaml`]: 'resources: [source.yaml, release.yaml]\n',
      [`overlays/${environment}/ingress-nginx/source.yaml`]: `kind: OCIRepository\nmetadata: { name: ingress-nginx }\nspec:\n  url: oci://ghcr.io/acme/charts/ingress-nginx\n  ref:\n    tag: ${version}\n`,
      [`overlays/${environment}/ingress-nginx/release.yaml`]:
        'kind: HelmRelease\nmetadata: { name: ingress-nginx }\nspec:\n  chartRef: { kind: OCIRepository, name: ingress-nginx }\n',
    })),
  },
  {
    name: 'helmCharts of a kustomization',
    files: both((environment, version) => ({
      [`overlays/${environment}/ingress-nginx/kustomization.yaml`]: `helmCharts:\n- name: ingress-nginx\n  repo: ${REPO}\n  version: ${version}\n  releaseName: ingress\n`,
    })),
  },
  {
    name: 'an Application for each app in a file of its own',
    files: both((environment, version) => ({
      [`apps/${environment}/ingress-nginx.yaml`]: application(environment, version),
      [`apps/${environment}/redis.yaml`]: application(environment, '1.0.0').replaceAll('ingress-nginx', 'redis'),
    })),
    policy: 'overlays: ["apps/{environment}/{app}.yaml"]\n',
  },
  {
    name: 'a wrapper chart without a lock',
    files: both((environment, version) => ({
      [`envs/${environment}/ingress-nginx/Chart.yaml`]: `apiVersion: v2\nname: ingress-nginx\nversion: 0.1.0\ndependencies:\n- name: ingress-nginx\n  version: ${version}\n  repository: ${REPO}\n`,
      [`envs/${environment}/ingress-nginx/values.yaml`]: 'ingress-nginx: { controller: { replicaCount: 2 } }\n',
    })),
  },
  {
    name: 'a wrapper chart with a lock',
    files: both((environment, version) => ({
      [`envs/${environment}/ingress-nginx/Chart.yaml`]: `apiVersion: v2\nname: ingress-nginx\nversion: 0.1.0\ndependencies:\n- name: ingress-nginx\n  version: ${version}\n  repository: ${REPO}\n`,
      [`envs/${environment}/ingress-nginx/Chart.lock`]: `dependencies:\n- name: ingress-nginx\n  repository: ${REPO}\n  version: ${version}\ndigest: sha256:of ${version}\ngenerated: "2026-11-21T12:00:00Z"\n`,
    })),
    locked: true,
  },
  {
    name: 'a helmfile for each environment',
    files: both((environment, version) => ({
      [`clusters/${environment}/helmfile.yaml`]: `repositories:\n- name: nginx\n  url: ${REPO}\nreleases:\n- name: ingress-nginx\n  chart: nginx/ingress-nginx\n  version: ${version}\n- name: redis\n  chart: bitnami/redis\n  version: 1.0.0\n`,
    })),
    policy: 'overlays: ["clusters/{environment}/helmfile.yaml"]\n',
  },
  {
    name: 'several HelmReleases in one file, two of the same chart',
    files: both((environment, version) => ({
      [`clusters/${environment}/releases.yaml`]: `${helmRelease(version)}---\n${helmRelease('4.0.0', 'internal')}`,
    })),
    policy: 'overlays: ["clusters/{environment}/releases.yaml"]\n',
  },
  {
    name: 'a ResourceSet of the Flux Operator',
    files: both((environment, version) => ({
      [`overlays/${environment}/ingress-nginx/set.yaml`]: `kind: ResourceSet\nspec:\n  inputs:\n  - version: ${version}\n  resources:\n  - kind: HelmRelease\n    metadata: { name: ingress-nginx }\n    spec:\n      chart:\n        spec:\n          chart: ingress-nginx\n          version: << inputs.version >>\n          sourceRef: { kind: HelmRepository, name: ingress-nginx }\n`,
    })),
  },
];
