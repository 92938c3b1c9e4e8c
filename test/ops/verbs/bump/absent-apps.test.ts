import { describe, expect, test } from '@jest/globals';
import { locateApps } from '../../../../src/ops/layouts/named-apps.js';
import { NO_POLICY, readPolicy } from '../../../../src/ops/policy/policy.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { decide } from '../../../../src/ops/verbs/bump/decide.js';
import { prepareBumps } from '../../../../src/ops/verbs/bump/prepare.js';
import type { BumpRequest } from '../../../../src/ops/verbs/bump/request.js';
import { planOnboard } from '../../../../src/ops/verbs/onboard/plan.js';
import { REPOSITORIES } from '../../../shapes/repositories.js';
import { deployment } from '../../../support/deployment.js';
import { snapshotOf } from '../snapshot.js';

const FACTS = { releases: [], settings: undefined };
const overlay = (app: string) => `images:\n- name: ghcr.io/acme/${app}\n  newTag: 1.0.0\n`;
const FILES = {
  'overlays/staging/shop/kustomization.yaml': overlay('shop'),
  'overlays/production/mail/kustomization.yaml': overlay('mail'),
};

function target(app: string) {
  const image = { kind: 'image' as const, repository: `ghcr.io/acme/${app}`, image: app, tag: '2.0.0' };
  return {
    ...{ app, version: '2.0.0', images: [image], release: undefined },
    source: { repository: 'acme/apps', sha: '' },
  };
}

function request(apps: readonly string[], environments: string[] = []): BumpRequest {
  return {
    ...{ apps: apps.map(target), environments, labels: [], reviewers: [], assignees: [], merge: 'auto' },
    ...{ mergeMethod: undefined, dryRun: false, runUrl: '', serverUrl: 'https://github.test' },
  };
}

async function prepared(
  files: Record<string, string>,
  apps: readonly string[],
  environments: string[] = [],
  policy = '# none\n',
) {
  const snapshot = snapshotOf(files, policy, new Date(0));
  const layout = await locateApps(objectTree(files), policy === '# none\n' ? NO_POLICY : readPolicy(policy));
  const proposals = await prepareBumps({ ...snapshot, layout }, request(apps, environments), FACTS, () => true, true);
  return proposals.map(({ bump, overlay: plan, rules, notice }) => {
    const planned = decide(bump, plan, rules);
    return { is: `${bump.environment}/${bump.target.app} ${planned.state}`, notice };
  });
}

describe('an app that no environment has', () => {
  test.each<[what: string, apps: string[], environments: string[], expected: string[], noticed: string[]]>([
    ['is left out of all of them', ['new'], [], ['production/new left', 'staging/new left'], ['new']],
    ['is left out of one that a person names', ['new'], ['staging'], ['staging/new left'], ['new']],
    ['takes nothing from others', ['new', 'shop'], ['staging'], ['staging/new left', 'staging/shop change'], ['new']],
    [
      'is no app that another environment has, which a person did not name',
      ['mail'],
      ['staging'],
      ['staging/mail refused'],
      [],
    ],
    [
      'is no app that one of the named environments has',
      ['mail'],
      ['staging', 'production'],
      ['staging/mail left', 'production/mail change'],
      [],
    ],
  ])('%s', async (_what, apps, environments, expected, noticed) => {
    const found = await prepared(FILES, apps, environments);
    expect(found.map(({ is }) => is)).toEqual(expected);
    const apart = [...new Set(found.flatMap(({ notice }) => /an app "(.*)", so/.exec(notice ?? '')?.[1] ?? []))];
    expect(apart).toEqual(noticed);
  });

  test('is named with the apps that are known, and with the command that lets it join', async () => {
    const policy = 'environments: { production: { after: test }, test: {} }\n';
    const [{ notice = '' } = {}] = await prepared(FILES, ['shopp'], [], policy);
    expect(notice).toBe(
      'No environment of acme/ops has an app "shopp", so 2.0.0 is proposed nowhere. It has: mail.\n' +
        'To let it join test, start the workflow "Onboard" of acme/ops (workflows/ops/onboard.yml of ostack/actions is a starter):\n\n' +
        '  gh workflow run onboard.yml --repo acme/ops -f app=shopp -f environment=test -f version=2.0.0 -f apps-repository=acme/apps\n',
    );
    const [similar] = await prepared(FILES, ['shopp']);
    expect(similar?.notice).toContain('so 2.0.0 is proposed nowhere. Did you mean "shop"? It has: mail, shop.');
  });

  test('is no reason to fail where another app is broken', async () => {
    const files = { ...FILES, 'overlays/staging/bad/kustomization.yaml': 'images: [\n' };
    expect((await prepared(files, ['new'])).map(({ is }) => is)).toEqual(['production/new left', 'staging/new left']);
  });
});

test.each(REPOSITORIES)('$name: a new app is left out, and joins in the way that is said', async ({ name, files }) => {
  const found = await prepared({ ...files }, ['newcomer']);
  expect(found.map(({ is }) => is)).toEqual(['production/newcomer left', 'staging/newcomer left']);
  const notice = found[0]?.notice ?? '';
  const tree = objectTree(files);
  const layout = await locateApps(tree, NO_POLICY);
  const manifests = new Map([
    ['kustomization.yaml', 'resources: [deployment.yaml]\n'],
    ['deployment.yaml', deployment('newcomer', '{ name: newcomer, image: ghcr.io/acme/newcomer }')],
  ]);
  const group = notice.includes('-f group=')
    ? name.includes('<region>')
      ? 'eu-1'
      : name.includes('/<cluster>/')
        ? 'alpha'
        : 'apps'
    : undefined;
  const request = { app: 'newcomer', environment: 'production', images: [], version: '2.0.0', from: undefined };
  const planned = await planOnboard(tree, layout, NO_POLICY, { ...request, group, manifests });
  if (/ by hand, in the way of the other apps there\.\n$/.test(notice)) {
    expect(notice).toMatch(/To let it join production, add it to \S+( or \S+)* by hand/);
    expect(['refused', 'change']).toContain(planned.state);
    return;
  }
  expect(notice).toContain('-f app=newcomer -f environment=production -f version=2.0.0');
  if (/ by hand in their way\.\n$/.test(notice)) {
    // What is in a file beside the version is the team's, so a person may have to do it, and is told why.
    expect(planned.state === 'refused' ? planned.error.message : planned.state).toMatch(/^change$|by hand/);
  } else {
    expect(planned.state === 'refused' ? planned.error.message : planned.state).toBe('change');
  }
});
