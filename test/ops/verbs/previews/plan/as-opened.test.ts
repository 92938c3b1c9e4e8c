import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { boundsOf } from '../../../../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import { argocd } from '../../../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../../../src/ops/reconcilers/flux/flux.js';
import type { ReconcileRequest } from '../../../../../src/ops/verbs/previews/plan/request.js';
import { CLUSTER } from '../../../../support/preview-cluster.js';
import { at, committed, type Files, listed, OPS, plan, previewOf, reconcile, sha } from '../support.js';

const ROOT = 'clusters/staging/previews/ostack-previews.yaml';
const OBJECT = 'previews/clusters/staging/pr-7.yaml';
const FOLDER = 'previews/pr-7';
const { 'clusters/staging/ops.yaml': _, ...APPS } = OPS;

const boundsIn = (files: Files) =>
  boundsOf(previewPolicy(readPolicy(files['ostack.yaml'])), { own: undefined, guests: [] });

const FOLDERS = 'previews/clusters/staging';
/** What takes previews in a cluster, by what deploys there: confined, or not. */
const ROOTS = {
  flux: [flux.previews.object(FOLDERS, CLUSTER), flux.previews.confinedObject(FOLDERS, CLUSTER, boundsIn(OPS))],
  argocd: [argocd.previews.object(FOLDERS, CLUSTER), argocd.previews.confinedObject(FOLDERS, CLUSTER, boundsIn(OPS))],
};
type Name = keyof typeof ROOTS;

/** The ops repository whose cluster takes previews so. */
const opsOf = (name: Name, isConfined: boolean): Files => ({ ...APPS, [ROOT]: ROOTS[name][Number(isConfined)] ?? '' });

const run = (minute: number, more: Partial<ReconcileRequest> = {}): ReconcileRequest => ({
  ...{ now: at(minute), pullRequests: [listed([7], at(minute))] },
  ...more,
});
const open = (files: Files) => reconcile(files, run(0, { requested: previewOf(7) }));
const opened = new Map<string, Promise<Files>>();

/** The same, once for all tests. */
function openedBy(name: Name, isConfined: boolean): Promise<Files> {
  const key = `${name} ${isConfined}`;
  const files = opened.get(key) ?? open(opsOf(name, isConfined));
  opened.set(key, files);
  return files;
}

const edited = (files: Files, edit: (text: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, path.includes('pr-7') ? edit(text) : text]));

/** Ways in which versions before this one wrote what a preview stands on. */
const WRITTEN: [what: string, edit: (text: string) => string][] = [
  ['by this version', (text) => text],
  ['without a word that it stays', (text) => text.replace(/^ {2}annotations:\n {4}argocd.*\n {4}kustomize.*\n/gm, '')],
  [
    'without a Pod Security level, and without a namespace of its own',
    (text) =>
      text
        .replace(/^ {2}annotations:\n {4}argocd.*\n {4}kustomize.*\n/gm, '')
        .replace(/^.*pod-security.*\n/gm, '')
        .replace(/^kind: (NetworkPolicy|ResourceQuota|LimitRange)\nmetadata:\n.*\n {2}namespace: pr-7\n/gm, (block) =>
          block.replace('  namespace: pr-7\n', ''),
        ),
  ],
];

const withoutGround = (files: Files): Files => ({
  ...files,
  'ostack.yaml': (files['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 2, network: false, quota: false'),
});

const keep = { name: 'pr-7', repository: 'acme/apps', verb: 'keep', by: 'mona', fork: false } as const;

/** What may come over a preview that is there, and whether it is a push, which may start its pods anew. */
const EVENTS: [what: string, files: (files: Files, name: Name) => Files, request: ReconcileRequest][] = [
  [
    'a push',
    (files) => files,
    { ...run(5), pullRequests: [listed([[7, sha(2)]], at(5))], requested: previewOf(7, sha(2)) },
  ],
  ['a sweep that finds other bases', (files) => files, run(5, { overtaken: new Set(['pr-7']) })],
  ['somebody who keeps it', (files) => files, run(5, { command: { ...keep, forMs: 360_000_000, at: at(5) } })],
  [
    'its pull request once more, where nothing confined previews',
    confinedNow(true),
    run(5, { requested: previewOf(7) }),
  ],
  [
    'its pull request once more, where nothing confines them now',
    confinedNow(false),
    run(5, { requested: previewOf(7) }),
  ],
  ['a policy without network and quota', withoutGround, run(5, { requested: previewOf(7) })],
  ['such a policy, and a sweep', withoutGround, run(5, { overtaken: new Set(['pr-7']) })],
  [
    'such a policy, and somebody who keeps it',
    withoutGround,
    run(5, { command: { ...keep, forMs: 360_000_000, at: at(5) } }),
  ],
];

function confinedNow(isConfined: boolean): (files: Files, name: Name) => Files {
  return (files, name) => ({ ...files, [ROOT]: opsOf(name, isConfined)[ROOT] ?? '' });
}

interface Thing {
  kind: string;
  metadata: { name: string; labels?: object };
  spec?: unknown;
}

const GROUND = ['Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange'];

/** What each object of the cluster has of the ground: the one of all previews, and that of the preview itself. */
function holders(files: Files): Record<'root' | 'own', Record<string, unknown>> {
  const listed = /resources:\n((?: {2}- .*\n)+)/.exec(files[`${FOLDER}/kustomization.yaml`] ?? '')?.[1] ?? '';
  const own = [...listed.matchAll(/- (.*\.yaml)$/gm)].map(([, file]) => files[`${FOLDER}/${file}`] ?? '');
  const groundIn = (texts: readonly string[]) =>
    Object.fromEntries(
      texts
        .flatMap((text) => parseAllDocuments(text).map((document): Thing => document.toJS()))
        .filter(({ kind }) => GROUND.includes(kind))
        .map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec ?? Object.keys(metadata.labels ?? {})]),
    );
  return { root: groundIn([files[OBJECT] ?? '']), own: groundIn(own) };
}

const shapes = (['flux', 'argocd'] as const).flatMap((name) =>
  [false, true].flatMap((isConfined) =>
    // What is beside the object of a preview has always had a level.
    WRITTEN.filter((_, index) => index < 2 || name === 'argocd' || !isConfined).map(([how, edit]) => ({
      ...{ name, isConfined, edit },
      what: `by ${name}, ${isConfined ? 'confined' : 'not confined'}, written ${how}`,
    })),
  ),
);

describe.each(shapes)('a preview that was opened $what', ({ name, isConfined, edit }) => {
  test.each(EVENTS)(
    'stands after %s on what it stood on, by the same objects of the cluster',
    async (_, change, request) => {
      const before = edited(await openedBy(name, isConfined), edit);
      const there = change(before, name);
      const after = committed(there, (await plan(there, request)).change);
      const [had, has] = [holders(before), holders(after)];
      expect({ ...had.root, ...had.own }).toMatchObject({
        'Namespace pr-7': expect.anything(),
        'NetworkPolicy preview': expect.anything(),
        'ResourceQuota preview': expect.anything(),
        'LimitRange preview': expect.anything(),
      });
      expect(has).toEqual(had);
      // What no push has brought starts no pod anew.
      const mailer = `${FOLDER}/mailer/kustomization.yaml`;
      expect(after[mailer]).toBe(before[mailer]);
    },
  );
});

test.each(['flux', 'argocd'] as const)(
  'what a preview stands on says to %s that it stays until its namespace goes',
  async (name) => {
    for (const isConfined of [false, true]) {
      const files = await openedBy(name, isConfined);
      const texts = [
        files[OBJECT] ?? '',
        files[`${FOLDER}/quota.yaml`] ?? '',
        files[`${FOLDER}/network-policy.yaml`] ?? '',
      ];
      const kept = texts.flatMap((text) =>
        text
          .split(/^---\n/m)
          .flatMap((each) =>
            each.includes('prune: disabled') && each.includes('Prune=false') ? [/^kind: (.*)$/m.exec(each)?.[1]] : [],
          ),
      );
      expect(kept.sort()).toEqual(['LimitRange', 'NetworkPolicy', 'ResourceQuota']);
    }
  },
);

test('a preview that keeps what the policy lets go of has no other beside it, of its apps', async () => {
  const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: preview }\nspec: {}\n';
  const files = {
    ...opsOf('flux', false),
    'bases/mailer/kustomization.yaml': 'resources: [deployment.yaml, policy.yaml]\n',
    'bases/mailer/policy.yaml': policy,
  };
  const planned = await plan(withoutGround(await open(files)), run(5, { requested: previewOf(7) }));
  expect(planned.decisions[0]?.preview?.leftOut).toMatchObject([{ app: 'mailer', kind: 'NetworkPolicy' }]);
  const anew = await plan(withoutGround(files), run(5, { requested: previewOf(7) }));
  expect(anew.decisions[0]?.preview?.leftOut).toEqual([]);
});

describe('a preview is opened anew', () => {
  const PRODUCTION = 'clusters/production/previews/ostack-previews.yaml';
  const moved = (files: Files): Files => ({
    ...files,
    'ostack.yaml': (files['ostack.yaml'] ?? '')
      .replace('host: staging', 'host: production')
      .replace('staging:', 'production:'),
    [PRODUCTION]: flux.previews.confinedObject('previews/clusters/production', CLUSTER, boundsIn(OPS)),
  });

  test.each(['flux', 'argocd'] as const)('and so confined, in the cluster of another host: %s before', async (name) => {
    const there = moved(await openedBy(name, false));
    const planned = await plan(there, run(5, { requested: previewOf(7) }));
    const after = committed(there, planned.change);
    expect(after['previews/clusters/production/pr-7.yaml']).toContain('  serviceAccountName: pr-7\n');
    expect(after[`${FOLDER}/namespace.yaml`]).toBeUndefined();
    expect(after[OBJECT]).toBeUndefined();
    expect(planned.decisions[0]?.preview?.closedIn).toBe('yes');
  });

  test('with all that it stands on, where something else deploys it now', async () => {
    const before = await openedBy('flux', true);
    expect(before[`${FOLDER}/namespace.yaml`]).toBeUndefined();
    const there = { ...before, [ROOT]: opsOf('argocd', true)[ROOT] ?? '' };
    const after = committed(there, (await plan(there, run(5, { requested: previewOf(7) }))).change);
    expect(after[OBJECT]).toContain('kind: Application\n');
    expect(Object.keys(holders(after).own)).toEqual([
      ...['Namespace pr-7', 'ResourceQuota preview', 'LimitRange preview', 'NetworkPolicy preview'],
    ]);
  });
});
