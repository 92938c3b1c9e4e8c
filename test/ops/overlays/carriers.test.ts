import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../../src/ops/overlays/app-state.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../../src/ops/overlays/environments.js';
import { likelyPaths } from '../../../src/ops/overlays/likely-paths.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { planPromotion } from '../../../src/ops/restore/plan-promotion.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OLD = `sha256:${'b'.repeat(64)}`;
const BASES = { 'bases/web/kustomization.yaml': '', 'bases/api/kustomization.yaml': '' };
const target = (name: string, tag = '1.4.0', digest?: string) => ({
  ...{ kind: 'image' as const, repository: `ghcr.io/acme/${name}`, image: name, tag, digest },
});

const named = (file: string, path: string, image = 'ghcr.io/acme/web') =>
  `carriers:\n  - file: ${JSON.stringify(file)}\n    path: ${JSON.stringify(path)}\n    image: ${JSON.stringify(image)}\n`;

/** Sets the version of an app in staging. */
async function bump(files: Record<string, string>, policy: string, app = 'web', to = [target('web')]) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, readPolicy(policy));
  const overlay = await readOverlay(tree, layout, 'staging', app);
  const { files: changed } = setVersions(overlay?.files ?? [], to, overlay?.folder ?? 'nothing');
  return Object.fromEntries(changed.map(({ path, text }) => [path, text]));
}

describe('a value that the policy names', () => {
  const kustomization = { 'overlays/staging/web/kustomization.yaml': 'resources: [../../../bases/web, web.yaml]\n' };

  test.each([
    ['a tag', 'spec.values.web.version', 'spec: {values: {web: {version: 1.3.0}}}\n', '1.3.0', '1.4.0'],
    ['a tag that is empty', 'version', 'version: ""\n', '""', '"1.4.0"'],
    ['a tag that YAML reads as a number', 'version', 'version: 1.10\n', '1.10', '1.4.0'],
    ['a whole reference', 'run.with', 'run:\n  with: ghcr.io/acme/web:1.3.0 # web\n', '1.3.0', `1.4.0@${DIGEST}`],
    ['a reference to a mirror', 'run', 'run: mirror.corp/web:1.3.0\n', '1.3.0', `1.4.0@${DIGEST}`],
    ['a digest', 'pin', `pin: ${OLD}\n`, OLD, DIGEST],
    ['a tag with a digest', 'pin', `pin: "1.3.0@${OLD}"\n`, `1.3.0@${OLD}`, `1.4.0@${DIGEST}`],
    ['an item of a list', 'args[1]', 'args: [--tag, 1.3.0]\n', '1.3.0', '1.4.0'],
    ['a key with a dot', 'data["web.tag"]', 'data:\n  web.tag: "1.3.0"\n', '1.3.0', '1.4.0'],
    [
      'YAML inside a text',
      'data["values.yaml"].web.version',
      'data:\n  values.yaml: |\n    web:\n      version: 1.3.0\n',
      '1.3.0',
      '1.4.0',
    ],
    ['the second document', 'b', 'a: 1\r\n---\r\nb: 1.3.0\r\n', '1.3.0', '1.4.0'],
    ['an anchor', 'web.version', 'web: {version: &v 1.3.0}\n', '1.3.0', '1.4.0'],
  ])('is set: %s', async (_, path, text, before, after) => {
    const files = { ...BASES, ...kustomization, 'overlays/staging/web/web.yaml': text };
    const to = [target('web', '1.4.0', DIGEST)];
    expect(await bump(files, named('overlays/{environment}/{app}/web.yaml', path), 'web', to)).toEqual({
      'overlays/staging/web/web.yaml': text.replace(before, after),
    });
  });

  test.each([
    [
      'a mapping',
      'web',
      'web: {version: 1.3.0, replicas: 2}\n',
      'ostack.yaml:2: overlays/staging/web/web.yaml:1 has a mapping at web',
    ],
    ['a list', 'web', 'web: [1.3.0]\n', 'has a list at web'],
    ['a sentence', 'web', 'web: it is 1.3.0\n', 'has "it is 1.3.0" at web'],
    ['a template', 'web', 'web: "{{ .tag }}"\n', 'has "{{ .tag }}" at web'],
    [
      'nothing',
      'web.versoin',
      'web: {version: 1.3.0}\n',
      'ostack.yaml:2: nothing is at web.versoin in overlays/staging/web/web.yaml. Did you mean web.version?',
    ],
    [
      'two documents',
      'v',
      'kind: A\nmetadata: {name: x}\nv: 1\n---\nkind: B\nmetadata: {name: x}\nv: 1\n',
      'Add "object" to say which is meant: A/x or B/x.',
    ],
  ])('is an error with the line of the policy: %s', async (_, path, text, message) => {
    const files = { ...BASES, ...kustomization, 'overlays/staging/web/web.yaml': text };
    const policy = named('overlays/{environment}/{app}/web.yaml', path, 'ghcr.io/acme/{app}');
    await expect(bump(files, policy)).rejects.toThrow(message);
  });

  test('is the one of its object', async () => {
    const text = 'kind: A\nmetadata: {name: x}\nv: 1.3.0\n---\nkind: B\nmetadata: {name: x}\nv: 1.3.0\n';
    const files = { ...BASES, ...kustomization, 'overlays/staging/web/web.yaml': text };
    const changed = await bump(files, `${named('overlays/staging/web/web.yaml', 'v')}    object: B/x\n`);
    expect(changed).toEqual({ 'overlays/staging/web/web.yaml': text.replace(/1\.3\.0\n$/, '1.4.0\n') });
  });

  test('is in a file that nothing includes, and in one of variables', async () => {
    const files = {
      ...BASES,
      ...kustomization,
      'overlays/staging/web/web.env': 'OTHER=ghcr.io/acme/web:1.0.0\nTAG=1.3.0\n',
    };
    expect(await bump(files, named('overlays/{environment}/web/web.env', 'TAG'))).toEqual({
      'overlays/staging/web/web.env': 'OTHER=ghcr.io/acme/web:1.0.0\nTAG=1.4.0\n',
    });
  });

  test('goes with what is found without it, and with the digest beside it', async () => {
    const text = `images: [{name: ghcr.io/acme/web, newTag: 1.3.0}]\nweb: {version: 1.3.0, digest: "${OLD}"}\n`;
    const files = { ...BASES, 'overlays/staging/web/kustomization.yaml': text };
    const policy = named('overlays/{environment}/{app}/kustomization.yaml', 'web.version');
    expect(await bump(files, policy)).toEqual({
      'overlays/staging/web/kustomization.yaml': text.replaceAll('1.3.0', '1.4.0').replace(OLD, ''),
    });
  });

  test('for a file of no environment, or of one that is in no overlay, is an error', async () => {
    const files = { ...BASES, ...kustomization, 'clusters/staging/web.yaml': 'tag: 1.3.0\n' };
    await expect(bump(files, named('clusters/staging/web.yaml', 'tag'))).rejects.toThrow(
      'ostack.yaml:2: clusters/staging/web.yaml is in no overlay, so that nobody knows which environment it is for. Write {environment}',
    );
    await expect(bump(files, named('clusters/{environment}/web', 'tag'))).rejects.toThrow('has to end in .yaml');
  });
});

describe('a value in a file of no overlay', () => {
  const files = {
    ...BASES,
    'overlays/staging/web/kustomization.yaml': 'resources: [../../../bases/web]\n',
    'overlays/production/web/kustomization.yaml': 'resources: [../../../bases/web]\n',
    'overlays/staging/api/kustomization.yaml': 'images: [{name: ghcr.io/acme/api, newTag: 2.0.0}]\n',
    'clusters/staging/eu/versions.yaml': 'web: 1.3.0 # web\napi: 1.0.0\nother: ghcr.io/acme/api:0.1.0\njobs: 5.0.0\n',
    'clusters/production/eu/versions.yaml': 'web: 1.2.0\napi: 1.0.0\njobs: 4.0.0\n',
  };
  const policy =
    named('clusters/{environment}/*/versions.yaml', 'web') +
    named('clusters/{environment}/*/versions.yaml', 'jobs', 'ghcr.io/acme/jobs').replace('carriers:\n', '');

  test('is set for its app and no other one', async () => {
    const path = 'clusters/staging/eu/versions.yaml';
    expect(await bump(files, policy)).toEqual({ [path]: files[path].replace('web: 1.3.0', 'web: 1.4.0') });
    expect(await bump(files, policy, 'api', [target('api', '2.1.0')])).toEqual({
      'overlays/staging/api/kustomization.yaml': 'images: [{name: ghcr.io/acme/api, newTag: 2.1.0}]\n',
    });
  });

  test('says what runs, which apps there are, and whose its file is', async () => {
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, readPolicy(policy));
    expect(await allEnvironments(tree, layout, { environments: [] })).toEqual(['production', 'staging']);
    expect(await environmentApps(tree, layout, 'staging')).toEqual(['api', 'jobs', 'web']);
    const read = async (environment: string, app: string) =>
      deployedIn((await readOverlay(tree, layout, environment, app))?.files ?? [], app).version;
    expect([await read('staging', 'web'), await read('production', 'web'), await read('staging', 'jobs')]).toEqual([
      '1.3.0',
      '1.2.0',
      '5.0.0',
    ]);
    expect(await read('staging', 'api')).toBe('2.0.0');
    expect(overlayOfPath(layout, 'clusters/production/eu/versions.yaml')).toMatchObject({
      environment: 'production',
      app: '',
    });
    expect(likelyPaths(layout, { environment: 'staging', app: 'web' })).toContain('clusters/staging/eu/versions.yaml');
    expect(likelyPaths(layout, { environment: 'staging', app: 'api' })).toEqual([
      'overlays/staging/api',
      'base/api',
      'bases/api',
    ]);
  });

  test('is promoted', async () => {
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, readPolicy(policy));
    const [source, to] = await Promise.all(
      ['staging', 'production'].map((each) => readState(tree, layout, each, 'web')),
    );
    const plan = source && to && planPromotion([{ app: 'web', source, target: to }], false);
    expect(plan?.failed).toEqual([]);
    expect([...(plan?.change.files ?? [])]).toEqual([
      ['clusters/production/eu/versions.yaml', 'web: 1.3.0\napi: 1.0.0\njobs: 4.0.0\n'],
    ]);
  });

  test('is enough where nothing else shows an overlay', async () => {
    const only = { 'deploy/staging.yaml': 'web: 1.3.0\napi: {}\n', 'deploy/production.yaml': 'web: 1.2.0\n' };
    const said = named('deploy/{environment}.yaml', 'web');
    expect(await bump(only, said)).toEqual({ 'deploy/staging.yaml': 'web: 1.4.0\napi: {}\n' });
    const tree = objectTree(only);
    const layout = await locateOverlays(tree, readPolicy(said));
    expect(await allEnvironments(tree, layout, { environments: [] })).toEqual(['production', 'staging']);
    expect(await environmentApps(tree, layout, 'production')).toEqual(['web']);
  });

  test('may be that of every app', async () => {
    const all = { 'deploy/staging.yaml': 'web: {version: 1.3.0}\napi: {version: 2.0.0}\n' };
    const said = `environments: {staging: {}}\n${named('deploy/{environment}.yaml', '{app}.version', 'ghcr.io/acme/{app}')}`;
    expect(await bump(all, said, 'api', [target('api', '2.1.0')])).toEqual({
      'deploy/staging.yaml': 'web: {version: 1.3.0}\napi: {version: 2.1.0}\n',
    });
    await expect(bump(all, said, 'jobs', [target('jobs')])).rejects.toThrow(
      'Nothing is where the policy names it: jobs.version in deploy/staging.yaml (ostack.yaml:3).',
    );
  });
});
