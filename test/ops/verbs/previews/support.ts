import { readPolicy } from '../../../../src/ops/policy/policy.js';
import type { PreviewRecord } from '../../../../src/ops/preview-records/record.js';
import type { Change } from '../../../../src/ops/tree/change.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { type Decision, type DecisionAction, decisionOn } from '../../../../src/ops/verbs/previews/plan/decision.js';
import { planReconcile, type ReconcilePlan } from '../../../../src/ops/verbs/previews/plan/plan.js';
import type { ReconcileRequest, RequestedPreview } from '../../../../src/ops/verbs/previews/plan/request.js';
import { deployment } from '../../../support/deployment.js';

export type Files = Record<string, string>;

/** A full commit id made of one digit. */
export const sha = (digit: number | string) => String(digit).repeat(40).slice(0, 40);
export const digest = (digit: number | string) => `sha256:${String(digit).repeat(64).slice(0, 64)}`;
export const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 9, 0) + minutes * 60_000);

/** What points a cluster of Flux to the branch of previews. */
export const PREVIEWS_OF_FLUX = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: ostack-previews, namespace: flux-system }
spec: { ref: { branch: ostack/previews }, url: https://github.com/acme/ops }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ostack-previews, namespace: flux-system }
spec: { path: ./previews/clusters/staging, prune: true, sourceRef: { kind: GitRepository, name: ostack-previews } }
`;

/** A small ops repository of two apps. */
export const OPS: Files = {
  'ostack.yaml': `environments:
  staging: { cd: true }
previews: { host: staging, limit: 2, url: "https://{app}.{name}.preview.acme.dev" }
`,
  'bases/shop/kustomization.yaml': 'resources: [web.yaml, ingress.yaml]\n',
  'bases/shop/web.yaml': deployment(
    'shop-web',
    '{ name: web, image: ghcr.io/acme/shop-web }, { name: cache, image: redis }',
  ),
  'bases/shop/ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  tls: [{ hosts: [shop.example.com, api.shop.example.com], secretName: shop-tls }]
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop-web, port: { number: 80 } } } }] }
    - host: api.shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: shop-api, port: { number: 80 } } } }] }
`,
  'bases/mailer/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/mailer/deployment.yaml': deployment('mailer'),
  'overlays/staging/shop/kustomization.yaml': `namespace: staging
resources: [../../../bases/shop]
images:
  - { name: ghcr.io/acme/shop-web, newTag: 1.3.2, digest: ${digest(1)} }
  - { name: redis, newTag: "7.4" }
`,
  'overlays/staging/mailer/kustomization.yaml': `namespace: staging
resources: [../../../bases/mailer]
images:
  - { name: ghcr.io/acme/mailer, newTag: 0.4.0, digest: ${digest(2)} }
`,
  'clusters/staging/ops.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: ops, namespace: flux-system }
`,
  'clusters/staging/previews/ostack-previews.yaml': PREVIEWS_OF_FLUX,
};

/** What a pull request of the shop wants. */
export function previewOf(number: number, head = sha(1), more: Partial<RequestedPreview> = {}): RequestedPreview {
  const tag = `pr-${number}-${head.slice(0, 7)}`;
  const images = [{ image: 'shop-web', repository: 'ghcr.io/acme/shop-web', tag, digest: digest(head.slice(0, 1)) }];
  return {
    repository: 'acme/apps',
    subject: { pullRequest: number, title: `Change ${number}`, author: 'mona' },
    head,
    apps: [{ app: 'shop', images }],
    ...more,
  };
}

export function listed(numbers: readonly (number | [number, string])[], listedAt: Date, repository = 'acme/apps') {
  const open = numbers.map((each) =>
    typeof each === 'number' ? { number: each, head: sha(1) } : { number: each[0], head: each[1] },
  );
  return { repository, listedAt, open };
}

export function plan(files: Files, request: ReconcileRequest & { repository?: string }): Promise<ReconcilePlan> {
  return planReconcile({ tree: objectTree(files), policy: readPolicy(files['ostack.yaml']), ...request });
}

/** The repository after a commit. */
export function committed(files: Files, { files: written, deletions = [] }: Change): Files {
  const kept = Object.entries(files).filter(([path]) => !deletions.includes(path));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(written) };
}

/** Without the object that stays beside those of previews, so that the last of these is pruned. */
export function withoutKeeper({ 'previews/clusters/staging/ostack-previews.yaml': _, ...files }: Files): Files {
  return files;
}

/** Plans and commits. */
export async function reconcile(files: Files, request: ReconcileRequest): Promise<Files> {
  return committed(files, (await plan(files, request)).change);
}

/** `name action state position` of each decision. */
export function outcomes({ decisions }: ReconcilePlan): string[] {
  return decisions.map(({ name, action, state, position }) =>
    [name, action, state, position].filter(Boolean).join(' '),
  );
}

/** The record of a pull request's preview that runs since minute 0, for 72 hours. */
export function recordOf(number: number, more: Partial<PreviewRecord> = {}): PreviewRecord {
  return {
    name: `pr-${number}`,
    repository: 'acme/apps',
    pullRequest: { number, title: `Change ${number}`, author: 'mona' },
    head: sha(1),
    state: 'active',
    host: 'staging',
    createdAt: at(0).toISOString(),
    updatedAt: at(0).toISOString(),
    expiresAt: at(72 * 60).toISOString(),
    apps: previewOf(number).apps,
    ...more,
  };
}

/** A decision about a preview with a record. */
export function decided(action: DecisionAction, more: Partial<Decision> = {}, record = recordOf(7)): Decision {
  return { ...decisionOn(record, action, 'because.'), ...more };
}
