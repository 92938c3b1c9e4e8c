import { describe, expect, test } from '@jest/globals';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { formatTrailers } from '../../../src/ops/ledger/trailers.js';
import { evaluate } from '../../../src/ops/verbs/check/evaluate.js';
import { inspect } from '../../../src/ops/verbs/check/inspect.js';
import { application, both, kustomization } from '../../shapes/reconciler-objects.js';
import { comparisonOf } from '../verbs/check/support.js';
import { changeOf, type Files } from './support.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const POLICY = 'environments:\n  staging: {}\n  production: { after: staging }\n';
const FROZEN = POLICY.replace('after: staging', 'freeze: [{ cron: "0 11 * * *", for: 3h }]');
const argo = (app: string, version: string) => `    kustomize:\n      images: ["ghcr.io/acme/${app}:${version}"]\n`;
const flux = (app: string, version: string) => `  images:\n  - name: ghcr.io/acme/${app}\n    newTag: ${version}\n`;
const patch = (app: string, version: string) =>
  `  patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: ${app} }\n      spec: { template: { spec: { containers: [{ name: ${app}, image: "ghcr.io/acme/${app}:${version}" }] } } }\n`;

/** Files of an app in the environments, in `apps/<app>/overlays/<environment>`. */
const appFiles = (app: string): Files => ({
  [`apps/${app}/base/kustomization.yaml`]: 'resources: [web.yaml]\n',
  [`apps/${app}/base/web.yaml`]: `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${app} }\nspec: { template: { spec: { containers: [{ name: ${app}, image: "ghcr.io/acme/${app}:1.0.0" }] } } }\n`,
  ...both((environment) => ({
    [`apps/${app}/overlays/${environment}/kustomization.yaml`]: 'resources: [../../base]\n',
  })),
});
const APPS: Files = { ...appFiles('web'), ...appFiles('api') };

type ObjectOf = (app: string, environment: string, more: string) => Files;
const ofArgo: ObjectOf = (app, environment, more) => ({
  [`argocd/${app}-${environment}.yaml`]: application(`${app}-${environment}`, `apps/${app}/overlays/${environment}`, {
    more,
  }),
});
const ofFlux: ObjectOf = (app, environment, more) => ({
  [`clusters/main/${app}-${environment}.yaml`]: kustomization(
    `${app}-${environment}`,
    `./apps/${app}/overlays/${environment}`,
    'flux-system',
    more,
  ),
});

/** What an object says before and after, in production. */
const CHANGES: [string, ObjectOf, before: string, after: string][] = [
  ['the images of an Application', ofArgo, argo('web', '1.0.0'), argo('web', '2.0.0')],
  ['the first images of an Application', ofArgo, '', argo('web', '2.0.0')],
  ['images of an Application that go', ofArgo, argo('web', '2.0.0'), ''],
  ['the images of a Flux Kustomization', ofFlux, flux('web', '1.0.0'), flux('web', '2.0.0')],
  ['the patches of a Flux Kustomization', ofFlux, patch('web', '1.0.0'), patch('web', '2.0.0')],
  ['the first patches of a Flux Kustomization', ofFlux, '', patch('web', '2.0.0')],
];

function repository(policy: string, objects: ObjectOf, web: string): Files {
  const others = ['staging', 'production'].map((environment) => objects('api', environment, ''));
  return Object.assign(
    { 'ostack.yaml': policy },
    APPS,
    ...others,
    objects('web', 'staging', ''),
    objects('web', 'production', web),
  );
}

const nobody = {
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
};

async function checked(before: Files, edits: Files, messages: string[] = []): Promise<string | undefined> {
  const inspection = await inspect(comparisonOf(before, { ...before, ...edits }));
  const approvals = async () => ({ given: [], refused: [], problem: undefined });
  const verdicts = await evaluate(
    async () => ({ entries: [], complete: true }),
    inspection,
    { messages, approvals },
    NOW,
  );
  const found = verdicts.find(({ environment }) => environment === 'production');
  return `${found?.state}: ${found?.reason}`;
}

async function gated(before: Files, edits: Files): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async () => ({ entries: [], complete: true }),
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return `${verdict?.state}: ${verdict?.reason}`;
}

describe.each(CHANGES)('%s', (_, objects, old, next) => {
  const before = repository(POLICY, objects, old);
  const edits = objects('web', 'production', next);
  const version = next === '' ? '1.0.0' : '2.0.0';

  test('are a version of the app that they deploy', async () => {
    const { held, touched } = await inspect(comparisonOf(before, { ...before, ...edits }));
    expect([...touched]).toEqual(['production']);
    expect(held.filter(({ moves }) => moves)).toMatchObject([{ environment: 'production', app: 'web', version }]);
  });

  test('keep to the rules of the environment', async () => {
    expect(await checked(before, edits)).toMatch(`failure: production takes web ${version} only once it is in staging`);
    expect(await gated(before, edits)).toMatch(/^failure: .*web .*only once it is in staging/);
  });
});

describe('in a freeze', () => {
  const before = repository(FROZEN, ofArgo, argo('web', '2.0.0'));
  const rollback = `One\n\n${formatTrailers({
    ...{ action: 'rollback', environment: 'production', app: 'web', version: '1.0.0' },
    ...{ images: [], source: undefined, run: undefined },
  })}`;
  const back = ofArgo('web', 'production', argo('web', '1.0.0'));

  test('a rollback in an object is exempt', async () => {
    expect(await checked(before, back, [rollback])).toMatch(/^success: .*a rollback\.$/);
  });

  test('what else changes in the object of another app is not', async () => {
    const other = ofArgo('api', 'production', '    kustomize:\n      namePrefix: x-\n');
    expect(await checked(before, { ...back, ...other }, [rollback])).toMatch(/^(failure|pending): .*(freeze|frozen)/i);
  });
});
