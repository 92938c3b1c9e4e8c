import { describe, expect, test } from '@jest/globals';
import { at, type Files, listed, OPS, PREVIEWS_OF_FLUX, plan, previewOf, sha } from './support.js';

const { 'clusters/staging/ops.yaml': _, 'clusters/staging/previews/ostack-previews.yaml': _root, ...NO_CLUSTER } = OPS;

async function objectIn(files: Files, repoURL?: string) {
  const request = { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7), repoURL };
  const planned = await plan(files, request);
  return planned.change.files.get('previews/clusters/staging/pr-7.yaml') ?? planned.decisions[0]?.reason;
}

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argo }
spec:
  project: acme
  source: { repoURL: https://github.com/acme/ops, targetRevision: main, path: overlays/staging/shop }
  destination: { name: staging-cluster, namespace: staging }
`;

describe('what tells the cluster of a preview', () => {
  test('is a Flux Kustomization of the source of the branch, where the others are', async () => {
    const shop = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: shop, namespace: tenants }
spec: { sourceRef: { kind: GitRepository, name: acme-ops } }
`;
    const text = await objectIn({ ...NO_CLUSTER, 'clusters/staging/shop.yaml': shop });
    expect(text).toContain('namespace: tenants');
    expect(text).toContain('name: ostack-previews');
    const own = PREVIEWS_OF_FLUX.replaceAll('ostack-previews', 'mine').replace('flux-system', 'sources');
    const named = await objectIn({ ...NO_CLUSTER, 'clusters/staging/shop.yaml': `${shop}---\n${own}` });
    expect(named).toContain('namespace: tenants\n');
    expect(named).toContain('    name: mine\n    namespace: sources\n');
  });

  test('is a Flux Kustomization beside what flux bootstrap made, or would have', async () => {
    const sync = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux }
`;
    const text = await objectIn({ ...NO_CLUSTER, 'clusters/staging/flux-system/gotk-sync.yaml': sync });
    expect(text).toContain('namespace: flux\n');
    expect(text).toContain('name: ostack-previews');
    const named = { ...NO_CLUSTER, 'ostack.yaml': 'previews: { host: staging, reconciler: flux }\n' };
    expect(await objectIn(named)).toContain('namespace: flux-system');
  });

  test.each<[what: string, policy: string]>([
    ['no policy of previews', 'environments:\n  staging: {}\n'],
    ['one that does not say it', 'environments:\n  staging: {}\npreviews:\n  host: staging\n  limit: 2\n'],
  ])(
    'is asked for where nothing shows it and there is %s, and is there with the lines of the answer',
    async (_what, policy) => {
      const asked = (await objectIn({ ...NO_CLUSTER, 'ostack.yaml': policy })) ?? '';
      expect(asked).toContain(
        'Nothing shows what deploys previews: there is no object of Flux or Argo CD in clusters/staging.',
      );
      const [flux = '', argocd = ''] = (asked.split(':\n\n')[1] ?? '').split('\nor\n\n');
      const url = 'https://github.com/acme/ops';
      expect(await objectIn({ ...NO_CLUSTER, 'ostack.yaml': `${policy}${flux}` }, url)).toContain(
        'kind: Kustomization',
      );
      expect(await objectIn({ ...NO_CLUSTER, 'ostack.yaml': `${policy}${argocd}` }, url)).toContain(
        'kind: Application',
      );
    },
  );

  test('is an Application like the others, where Argo CD deploys', async () => {
    expect(await objectIn({ ...NO_CLUSTER, 'clusters/staging/shop.yaml': application })).toMatchSnapshot();
  });

  test('is an Application that knows where the repository is', async () => {
    const files = { ...NO_CLUSTER, 'ostack.yaml': 'previews: { host: staging, reconciler: argocd }\n' };
    expect(await objectIn(files, 'https://github.com/acme/ops')).toContain('repoURL: https://github.com/acme/ops');
    expect(await objectIn(files)).toBe(
      'Where does Argo CD take this repository from? Expected an Application with spec.source.repoURL in clusters/staging, found none.',
    );
  });
});

describe('an app whose manifests are in its own repository', () => {
  const overlay = (reference: string) =>
    `resources: ["${reference}"]\nimages: [{ name: ghcr.io/acme/blog, newTag: 1.0.0 }]\n`;
  const files = (reference: string) => ({ ...OPS, 'overlays/staging/blog/kustomization.yaml': overlay(reference) });

  test('is taken as the pull request has it, with its image', async () => {
    const images = [
      { image: 'blog', repository: 'ghcr.io/acme/blog', tag: 'pr-7', digest: `sha256:${'1'.repeat(64)}` },
    ];
    const planned = await plan(files('https://github.com/acme/apps//apps/blog/deploy?ref=blog-v1.0.0'), {
      now: at(0),
      pullRequests: [listed([7], at(0))],
      requested: previewOf(7, sha(1), { apps: [{ app: 'blog', images }] }),
    });
    const text = planned.change.files.get('previews/pr-7/blog/kustomization.yaml');
    expect(text).toContain(`https://github.com/acme/apps//apps/blog/deploy?ref=${sha(1)}`);
    expect(text).toContain('newTag: pr-7');
  });

  test('stays at the host’s version where the pull request is of a fork, of which only the image is deployed', async () => {
    const reference = 'https://github.com/acme/apps//apps/blog/deploy?ref=blog-v1.0.0';
    const images = [
      { image: 'blog', repository: 'ghcr.io/acme/blog', tag: 'pr-7', digest: `sha256:${'1'.repeat(64)}` },
    ];
    const planned = await plan(files(reference), {
      now: at(0),
      pullRequests: [listed([7], at(0))],
      requested: previewOf(7, sha(1), { subject: { pullRequest: 7, fork: true }, apps: [{ app: 'blog', images }] }),
    });
    const text = planned.change.files.get('previews/pr-7/blog/kustomization.yaml');
    expect(text).toContain(reference);
    expect(text).not.toContain(`ref=${sha(1)}`);
    expect(text).toContain('newTag: pr-7');
    expect(planned.change.files.get('previews/records/pr-7.yaml')).toContain('fork: true');
    expect(planned.decisions[0]?.preview?.notices).toContain(
      'The manifests of blog are those of staging: from a fork, only images are deployed.',
    );
  });

  test('stays at the host’s version where the pull request does not touch it', async () => {
    const reference = 'https://github.com/acme/apps//apps/blog/deploy?ref=blog-v1.0.0';
    const planned = await plan(files(reference), {
      now: at(0),
      pullRequests: [listed([7], at(0))],
      requested: previewOf(7),
    });
    const text = planned.change.files.get('previews/pr-7/blog/kustomization.yaml');
    expect(text).toContain(reference);
    expect(text).toContain('newTag: 1.0.0');
  });
});
