import { describe, expect, test } from '@jest/globals';
import {
  at,
  committed,
  digest,
  type Files,
  listed,
  OPS,
  outcomes,
  plan,
  previewOf,
  reconcile,
  sha,
  withoutKeeper,
} from '../support.js';

const paths = (files: Files) =>
  Object.keys(files)
    .filter((path) => /^(\.ostack|previews|clusters)\//.test(path))
    .sort();

describe('the previews of an ops repository', () => {
  test('begin with the first pull request', async () => {
    const planned = await plan(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    expect(outcomes(planned)).toEqual(['pr-7 opened active']);
    expect(Object.fromEntries(planned.change.files)).toMatchSnapshot();
    expect(planned.change.deletions).toEqual([]);
    expect(planned.decisions[0]?.preview?.apps).toEqual([
      {
        app: 'mailer',
        affected: false,
        images: [{ name: 'ghcr.io/acme/mailer', newTag: '0.4.0', digest: digest(2) }],
        url: undefined,
      },
      {
        app: 'shop',
        affected: true,
        images: [
          {
            name: 'ghcr.io/acme/shop-web',
            newName: 'ghcr.io/acme/shop-web',
            newTag: 'pr-7-1111111',
            digest: digest(1),
          },
          { name: 'redis', newTag: '7.4' },
        ],
        url: 'https://shop.pr-7.preview.acme.dev',
      },
    ]);
  });

  test('planned again, change nothing', async () => {
    const request = { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) };
    const files = await reconcile(OPS, request);
    const again = await plan(files, request);
    expect(outcomes(again)).toEqual(['pr-7 unchanged active']);
    expect(again.change).toEqual({ files: new Map(), deletions: [] });
    const later = await plan(files, { ...request, now: at(60) });
    expect(later.change.files.size).toBe(0);
  });

  test('follow pushes, and what the host runs by then', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const mailer = 'overlays/staging/mailer/kustomization.yaml';
    const bumped = { ...files, [mailer]: (files[mailer] ?? '').replace('0.4.0', '0.5.0') };
    const planned = await plan(bumped, {
      now: at(5),
      pullRequests: [listed([[7, sha(2)]], at(5))],
      requested: previewOf(7, sha(2)),
    });
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    expect(planned.decisions[0]?.reason).toBe('it is at 2222222 now, 1111111 before.');
    expect([...planned.change.files.keys()].sort()).toEqual([
      'previews/clusters/staging/pr-7.yaml',
      'previews/pr-7/mailer/kustomization.yaml',
      'previews/pr-7/namespace.yaml',
      'previews/pr-7/shop/kustomization.yaml',
      'previews/records/pr-7.yaml',
    ]);
  });

  test('of closed pull requests go with all that is in their folders', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const request = { now: at(1), pullRequests: [listed([], at(1))] };
    const planned = await plan({ ...files, 'previews/pr-7/by/hand.yaml': '' }, request);
    expect(outcomes(planned)).toEqual(['pr-7 removed gone']);
    const after = committed({ ...files, 'previews/pr-7/by/hand.yaml': '' }, planned.change);
    expect(withoutKeeper(after)).toEqual(OPS);
    expect((await plan(after, request)).decisions).toEqual([]);
  });

  test('over the limit wait, the oldest opened when a slot is free', async () => {
    let files = OPS;
    for (const [minute, number] of [1, 2, 3, 4].entries()) {
      const pullRequests = [listed([1, 2, 3, 4], at(minute))];
      files = await reconcile(files, { now: at(minute), pullRequests, requested: previewOf(number) });
    }
    expect(paths(withoutKeeper(files)).filter((path) => path.startsWith('previews/clusters/staging/'))).toEqual([
      'previews/clusters/staging/pr-1.yaml',
      'previews/clusters/staging/pr-2.yaml',
    ]);
    const planned = await plan(files, { now: at(9), pullRequests: [listed([2, 3, 4], at(9))] });
    expect(outcomes(planned)).toEqual([
      'pr-1 removed gone',
      'pr-2 kept active',
      'pr-3 opened active',
      'pr-4 kept queued 1',
    ]);
    expect(planned.decisions[2]?.record?.expiresAt).toBe(new Date(at(9).getTime() + 72 * 3_600_000).toISOString());
  });

  test('of a limit made lower give up the youngest', async () => {
    let files = OPS;
    for (const number of [1, 2]) {
      files = await reconcile(files, {
        now: at(number),
        pullRequests: [listed([1, 2], at(number))],
        requested: previewOf(number),
      });
    }
    const fewer = { ...files, 'ostack.yaml': (files['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 1') };
    const request = { now: at(3), pullRequests: [listed([1, 2], at(3))] };
    const planned = await plan(fewer, request);
    expect(outcomes(planned)).toEqual(['pr-1 kept active', 'pr-2 queued queued 1']);
    const after = committed(fewer, planned.change);
    expect(paths(after).filter((path) => path.includes('pr-2'))).toEqual(['previews/records/pr-2.yaml']);
    expect((await plan(after, request)).change.files.size).toBe(0);
  });

  test('go when nothing happened to them for too long, whatever repository they are of', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const late = at(72 * 60);
    expect(outcomes(await plan(files, { now: late, pullRequests: [] }))).toEqual(['pr-7 expired gone']);
    expect(outcomes(await plan(files, { now: at(72 * 60 - 1), pullRequests: [] }))).toEqual(['pr-7 kept active']);
    const again = { now: late, pullRequests: [listed([7], late)], requested: previewOf(7) };
    expect(outcomes(await plan(files, again))).toEqual(['pr-7 unchanged active']);
  });

  test.each([
    [
      'a commit that is no longer the head',
      listed([[7, sha(3)]], at(9)),
      sha(2),
      'pull request #7 is at 3333333 now, and this run is for 2222222.',
    ],
    [
      'a list that is older than what a later run wrote',
      listed([[7, sha(2)]], at(4)),
      sha(2),
      'a later run deployed 1111111, and this run is for 2222222.',
    ],
  ])('are not changed by a slow run: %s', async (_, list, head, reason) => {
    const files = await reconcile(OPS, { now: at(5), pullRequests: [listed([7], at(5))], requested: previewOf(7) });
    const planned = await plan(files, { now: at(9), pullRequests: [list], requested: previewOf(7, head) });
    expect(outcomes(planned)).toEqual(['pr-7 skipped active']);
    expect(planned.decisions[0]?.reason).toBe(reason);
    expect(planned.change).toEqual({ files: new Map(), deletions: [] });
  });

  test('requested after the list was read are not taken for closed', async () => {
    const files = await reconcile(OPS, { now: at(5), pullRequests: [listed([7], at(5))], requested: previewOf(7) });
    expect(outcomes(await plan(files, { now: at(9), pullRequests: [listed([], at(4))] }))).toEqual([
      'pr-7 kept active',
    ]);
  });

  test('are not opened for a pull request that is closed by now', async () => {
    const request = { now: at(1), pullRequests: [listed([], at(1))], requested: previewOf(7) };
    const first = await plan(OPS, request);
    expect(outcomes(first)).toEqual(['pr-7 skipped gone']);
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const planned = await plan(files, request);
    expect(outcomes(planned)).toEqual(['pr-7 removed gone']);
  });

  test('of two repositories keep out of each other’s way', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const other = { ...previewOf(7), repository: 'acme/site' };
    const planned = await plan(files, {
      now: at(1),
      pullRequests: [listed([7], at(1), 'acme/site')],
      requested: other,
    });
    expect(outcomes(planned)).toEqual(['pr-7 kept active', 'pr-7 failed active']);
    expect(planned.decisions.map(({ reason }) => reason)).toContain(
      'pr-7 is taken by a preview of acme/apps. Give one of the repositories a workspace of its own.',
    );
    expect(planned.change.files.size).toBe(0);
    const own = await plan(files, {
      now: at(1),
      pullRequests: [listed([7], at(1), 'acme/site')],
      requested: { ...other, workspace: 'growth' },
    });
    expect(outcomes(own)).toEqual(['growth-pr-7 opened active', 'pr-7 kept active']);
  });

  test('with a record that cannot be read are left alone, and counted', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7, 8], at(0))], requested: previewOf(7) });
    const broken = { ...files, 'previews/records/pr-7.yaml': 'name: pr-7\nrepositry: acme/apps\n' };
    const opened = await reconcile(broken, {
      now: at(1),
      pullRequests: [listed([8, 9], at(1))],
      requested: previewOf(8),
    });
    const planned = await plan(opened, { now: at(2), pullRequests: [listed([8, 9], at(2))], requested: previewOf(9) });
    expect(outcomes(planned)).toEqual(['pr-8 kept active', 'pr-9 queued queued 1']);
    expect(planned.broken[0]?.message).toContain('previews/records/pr-7.yaml:2:1: unknown key "repositry".');
    expect(opened['previews/pr-7/namespace.yaml']).toBeDefined();
  });

  test('whose files were lost get them back', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const { 'previews/clusters/staging/pr-7.yaml': _, ...lost } = files;
    const planned = await plan(lost, { now: at(1), pullRequests: [] });
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    expect(committed(lost, planned.change)).toEqual(files);
  });

  test('that cannot be rendered are not created', async () => {
    const none = { ...previewOf(7), apps: [{ app: 'new', images: [] }] };
    const policy = (OPS['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 1, others: false');
    const files = { ...OPS, 'ostack.yaml': policy };
    const planned = await plan(files, { now: at(0), pullRequests: [listed([7], at(0))], requested: none });
    expect(outcomes(planned)).toEqual(['pr-7 failed gone']);
    expect(planned.decisions[0]?.reason).toBe(
      'There is nothing to run in pr-7: it is built from kustomizations, and none of them is a base of new. ' +
        'Add bases/new/kustomization.yaml with the manifests of new, whatever else deploys it in staging.',
    );
    expect(planned.change.files.size).toBe(0);
  });

  test('say what is wrong with the files they are made of', async () => {
    const request = { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) };
    const failing = async (path: string, text: string) => {
      const planned = await plan({ ...OPS, [path]: text }, request);
      expect(outcomes(planned)).toEqual(['pr-7 failed gone']);
      expect(planned.change.files.size).toBe(0);
      return planned.decisions[0]?.reason;
    };
    expect(await failing('bases/shop/preview/kustomization.yaml', 'resources: [..]\n')).toContain(
      'bases/shop/preview/kustomization.yaml refers to the folder that it is in, which kustomize refuses',
    );
    expect(await failing('bases/shop/web.yaml', 'kind: [Deployment\n')).toContain('bases/shop/web.yaml:2:1: not valid');
    expect(await failing('overlays/staging/shop/kustomization.yaml', 'images: [\n')).toContain(
      'overlays/staging/shop/kustomization.yaml:2:1: not valid',
    );
  });

  test('of runs stay until somebody asks to remove them', async () => {
    const run = previewOf(1, sha(1), { subject: { run: '1234-2' } });
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([], at(0))], requested: run });
    expect(files['previews/run-1234-2/kustomization.yaml']).toBeDefined();
    const sweep = { now: at(1), pullRequests: [listed([], at(1))] };
    expect(outcomes(await plan(files, sweep))).toEqual(['run-1234-2 kept active']);
    expect(await reconcile(files, { ...sweep, remove: [{ name: 'run-1234-2', repository: 'acme/site' }] })).toEqual(
      files,
    );
    const after = await reconcile(files, { ...sweep, remove: [{ name: 'run-1234-2', repository: 'acme/apps' }] });
    expect(withoutKeeper(after)).toEqual(OPS);
  });

  test('have what they are built from adapted anew where that has changed, and no host of production', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const ingress = (OPS['bases/shop/ingress.yaml'] ?? '').replace('name: shop }', 'name: admin }');
    const based = {
      ...files,
      'bases/shop/kustomization.yaml': 'resources: [web.yaml, ingress.yaml, admin.yaml]\n',
      'bases/shop/admin.yaml': ingress.replaceAll('shop.example.com', 'admin.acme.dev'),
    };
    const sweep = { now: at(5), pullRequests: [listed([7], at(5))], overtaken: new Set(['pr-7']) };
    const planned = await plan(based, sweep);
    expect(planned.decisions[0]).toMatchObject({ action: 'kept', reason: 'what it is built from has changed.' });
    expect([...planned.change.files.keys()]).toEqual(
      expect.arrayContaining(['previews/pr-7/shop/kustomization.yaml', 'previews/records/pr-7.yaml']),
    );
    expect(planned.change.files.get('previews/pr-7/shop/kustomization.yaml')).toContain('name: admin');
    const after = committed(based, planned.change);
    expect((await plan(after, sweep)).change.files.size).toBe(0);
    expect((await plan(files, sweep)).decisions[0]?.reason).toBe('nothing changed.');
  });

  test('stay as they are where what they are built from is broken now, which is said', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const broken = { ...files, 'bases/shop/kustomization.yaml': 'resources: [web.yaml' };
    const planned = await plan(broken, {
      ...{ now: at(5), pullRequests: [listed([7], at(5))] },
      overtaken: new Set(['pr-7']),
    });
    expect(planned.decisions[0]?.action).toBe('failed');
    expect(planned.change.files.size).toBe(0);
  });

  test('move with the host', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const policy = 'previews: { host: dev, reconciler: flux }\n';
    const planned = await plan({ ...files, 'ostack.yaml': policy }, { now: at(1), pullRequests: [] });
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    expect(planned.change.deletions).toContain('previews/clusters/staging/pr-7.yaml');
    expect(planned.change.files.has('previews/clusters/dev/pr-7.yaml')).toBe(true);
  });

  test('say what is missing where the cluster applies only what is listed, or takes nothing from their branch', async () => {
    const request = { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) };
    const listing = await plan({ ...OPS, 'clusters/staging/kustomization.yaml': 'resources: [ops.yaml]\n' }, request);
    expect(listing.decisions[0]?.preview?.notices).toContain(
      'No preview is deployed before clusters/staging/kustomization.yaml lists "previews" in its resources.',
    );
    const { 'clusters/staging/previews/ostack-previews.yaml': _, ...before } = OPS;
    const planned = await plan(before, { ...request, repository: 'acme/ops' });
    expect(planned.decisions[0]?.preview?.notices.slice(1)).toEqual([
      'No preview is deployed before an object in clusters/staging takes the branch ostack/previews: npx --yes ' +
        'github:ostack/actions#v1 previews setup --ops acme/ops makes clusters/staging/previews/ostack-previews.yaml.',
    ]);
  });
});
