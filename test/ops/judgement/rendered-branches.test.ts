import { posix } from 'node:path';
import { expect, test } from '@jest/globals';
import { RECORD, recordText } from '../../../src/materialize/manifests/record.js';
import { PARTS, partsText } from '../../../src/materialize/manifests/remote-parts.js';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { blobId } from '../../../src/ops/tree/blob-id.js';
import { grace, held, NOW, nobody } from './production.js';
import { changeOf, type Files } from './support.js';

const ORDER = `environments:
  dev: { branch: env/dev }
  stage: { branch: env/stage, after: dev }
  prod: { branch: env/prod, after: stage, soak: 2h }
overlays: ["overlays/{environment}/{app}"]
`;
const POLICY = ORDER.replace('soak: 2h', 'soak: 2h, approvers: [grace]');
const FROZEN = POLICY.replace('soak', 'freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }], soak');
const HOLDS = '.ostack/holds.yaml';

type Edits = Record<string, string | undefined>;
const SOURCE = `acme/ops@${'a'.repeat(40)}`;

/** An object that runs an image, as materialize writes it. */
const run = (image: string, more = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - image: ${image}\n          name: web\n${more}`;
const WEB = 'shop/deployment-web.yaml';
const web = (tag: string) => ({ [WEB]: run(`ghcr.io/acme/web:${tag}`) });
const PLAIN = { 'shop/service-web.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n' };

/** What materialize writes for some files, with the list of them. */
function rendered(files: Files, folder = '', source = SOURCE): Files {
  const ids = Object.entries(files).map(([path, text]): [string, string] => [path, blobId(text)]);
  const placed = Object.entries(files).map(([path, text]) => [posix.join(folder, path), text]);
  return { ...Object.fromEntries(placed), [posix.join(folder, RECORD)]: recordText({ source, files: new Map(ids) }) };
}

const PROD = rendered({ ...web('1.5.0'), ...PLAIN });
/** The edits that make one set of files of another one. */
const to = (after: Files, before: Files = PROD): Edits =>
  Object.fromEntries([...new Set([...Object.keys(before), ...Object.keys(after)])].map((path) => [path, after[path]]));
const promoted = (tag: string, more: Files = {}) => to(rendered({ ...web(tag), ...PLAIN, ...more }));

const HISTORY: Record<string, HeldOnce> = {
  stage: held(['1.6.0', 3], ['1.5.0', 30]),
  prod: held(['1.5.0', 20], ['1.4.0', 50]),
};

interface Case {
  policy?: string;
  before?: Files;
  holds?: string;
  more?: Partial<Circumstances>;
}

/** The verdict of an environment on a change of a branch that is rendered. */
async function verdictOn(edits: Edits, { policy = POLICY, before = PROD, holds, more }: Case = {}, name = 'prod') {
  const settled = readPolicy(policy);
  const branch = settled.environments.find((each) => each.name === name)?.branch;
  const judged = {
    ...{ place: { repository: undefined, branch }, home: { branch: 'main', oid: 'home' } },
    ...{ policy: settled, holdsText: holds },
  };
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops', 'main', judged);
  const verdicts = await evaluateChange(facts, {
    ...{ people: { ...nobody, reviews: [grace] }, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async (environment) => HISTORY[environment] ?? { entries: [], complete: true },
    ...more,
  });
  const verdict = verdicts.find(({ environment }) => environment === name);
  return `${verdict?.state}: ${verdict?.reason}`;
}

const UNAPPROVED = { more: { people: nobody } };
const NO_APPROVERS = { policy: ORDER, ...UNAPPROVED };

test.each<[string, Edits, Case, string]>([
  ['takes what the one before runs', promoted('1.6.0'), {}, 'success: Takes web 1.6.0; approved by grace.'],
  ['waits for its approvers', promoted('1.6.0'), UNAPPROVED, 'pending: 0 of 1 approval: waits for grace.'],
  ['waits for nobody where it has no approvers', promoted('1.6.0'), NO_APPROVERS, 'success: Takes web 1.6.0.'],
  [
    'takes nothing that the one before does not run',
    promoted('1.7.0'),
    {},
    'failure: prod takes web 1.7.0 only once it is in stage, which runs 1.6.0.',
  ],
  [
    'waits for the soak time',
    promoted('1.6.0'),
    { more: { history: async () => held(['1.6.0', 1], ['1.5.0', 30]) } },
    'pending: web 1.6.0 is in stage since',
  ],
  ['takes back what it had', promoted('1.4.0'), {}, 'success: Takes web 1.4.0; a rollback; approved by grace.'],
  ['freezes', promoted('1.6.0'), { policy: FROZEN }, 'pending: prod is frozen until'],
  ['takes a rollback in a freeze', promoted('1.4.0'), { policy: FROZEN }, 'success: Takes web 1.4.0; a rollback'],
  [
    'takes no rollback in a freeze with which something else comes',
    promoted('1.4.0', {
      'shop/role-a.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\n',
    }),
    { policy: FROZEN },
    'pending: prod is frozen until',
  ],
  [
    'keeps to a hold on its branch',
    promoted('1.6.0'),
    {
      before: {
        ...PROD,
        [HOLDS]: '- { environment: prod, app: web, version: 1.5.0, since: 2026-11-19T10:00:00Z, by: ada }\n',
      },
    },
    'failure: web in prod is held',
  ],
  [
    'keeps to a stop of everything',
    promoted('1.6.0'),
    { holds: '- { environment: "*", app: "*", since: 2026-11-19T10:00:00Z, by: ada }\n' },
    'failure: web in prod is held',
  ],
  [
    'judges an app that comes in',
    promoted('1.5.0', { 'shop/job-evil.yaml': run('evil.io/x:1') }),
    {},
    'failure: prod takes x 1 with evil.io/x:1 only once it is in stage',
  ],
  [
    'judges an image beside the app’s',
    to(rendered({ [WEB]: run('ghcr.io/acme/web:1.5.0', '        - image: evil.io/x:1\n'), ...PLAIN })),
    {},
    'failure: prod takes web 1.5.0 with evil.io/x:1 only once it is in stage',
  ],
  [
    'takes the same version of no other registry',
    to(rendered({ [WEB]: run('evil.io/web:1.6.0'), ...PLAIN })),
    {},
    'failure: prod takes web 1.6.0 with evil.io/web:1.6.0 only once it is in stage',
  ],
  [
    'takes no image of which nothing tells the version',
    to(rendered({ [WEB]: run(`ghcr.io/acme/web@sha256:${'e'.repeat(64)}`), ...PLAIN })),
    {},
    'failure: prod takes web sha256:eeeeeeeeeeee with',
  ],
  [
    'judges all documents of a file',
    to(rendered({ [WEB]: `${run('ghcr.io/acme/web:1.6.0')}---\n${run('ghcr.io/acme/web:1.7.0')}`, ...PLAIN })),
    {},
    'failure: line 20: ghcr.io/acme/web:1.7.0 comes into prod in a place that is no app',
  ],
  [
    'judges what runs something and is called as what does not',
    to(rendered({ ...web('1.6.0'), 'shop/service-web.yaml': run('ghcr.io/acme/web:1.7.0') })),
    {},
    'failure: ghcr.io/acme/web:1.7.0 comes into prod, and no app has it',
  ],
  ['takes no tag that moves', to(rendered({ [WEB]: run('ghcr.io/acme/web:latest'), ...PLAIN })), {}, 'failure: '],
  [
    'judges images in objects of operators',
    promoted('1.6.0', {
      'shop/rollout-a.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n      containers:\n        - image: evil.io/x:1\n',
    }),
    {},
    'failure: prod takes x 1 with evil.io/x:1 only once',
  ],
  [
    'judges an object of Flux that takes something else in',
    promoted('1.6.0', {
      'shop/gitrepository-a.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: a\nspec:\n  url: https://github.com/evil/x\n  ref:\n    branch: main\n',
      'shop/kustomization-a.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\nspec:\n  sourceRef:\n    kind: GitRepository\n    name: a\n  path: ./\n',
    }),
    {},
    'failure: prod comes to take in https://github.com/evil/x at no exact version',
  ],
  [
    'judges an image by environment variable',
    promoted('1.6.0', {
      'shop/deployment-op.yaml': run(
        'ghcr.io/acme/web:1.6.0',
        '          env:\n            - name: SIDECAR_IMAGE\n              value: evil.io/x:1\n',
      ),
    }),
    {},
    'failure: prod takes web 1.6.0 with evil.io/x:1 only once',
  ],
  [
    'judges an image in a ConfigMap',
    promoted('1.6.0', {
      'shop/configmap-op.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: op\ndata:\n  image: evil.io/x:1\n',
    }),
    {},
    'failure: evil.io/x:1 comes into prod, and no app has it',
  ],
  [
    'judges an app by the images that the policy says are its own',
    to(rendered({ [WEB]: run('ghcr.io/acme/front:1.6.0') }), rendered({ [WEB]: run('ghcr.io/acme/front:1.5.0') })),
    {
      policy: `${POLICY}apps: { web: { images: [ghcr.io/acme/front] } }\n`,
      before: rendered({ [WEB]: run('ghcr.io/acme/front:1.5.0') }),
      more: { history: async () => held(['1.7.0', 9]) },
    },
    'failure: prod takes web 1.6.0 only once it is in stage, which runs 1.7.0.',
  ],
  [
    'takes what changes no version with approvals',
    promoted('1.5.0', { 'shop/service-web.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: other\n' }),
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  ['is not changed by documents', { 'README.md': 'x\n' }, UNAPPROVED, 'success: No change.'],
])('An environment whose branch is rendered %s', async (_name, edits, where, expected) => {
  expect(await verdictOn(edits, where)).toContain(expected);
});

const BY_HAND = 'By hand: shop/deployment-web.yaml is not what materialize wrote';

test.each<[string, Edits, Case, string]>([
  ['edited, without anybody who answers for it', web('1.6.0'), NO_APPROVERS, `failure: ${BY_HAND}`],
  [
    'edited, which its approvers see',
    web('1.6.0'),
    UNAPPROVED,
    `pending: 0 of 1 approval: waits for grace. ${BY_HAND}`,
  ],
  ['edited, and approved', web('1.6.0'), {}, `success: Takes web 1.6.0; approved by grace. ${BY_HAND}`],
  ['edited to what the one before does not run', web('1.7.0'), {}, 'failure: prod takes web 1.7.0 only once'],
  ['taken away', { [WEB]: undefined }, NO_APPROVERS, `failure: ${BY_HAND}`],
  [
    'added',
    { 'shop/role-a.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\n' },
    NO_APPROVERS,
    'failure: By hand: shop/role-a.yaml is not',
  ],
  [
    'added with an image that no list names',
    { 'shop/deployment-x.yaml': run('ghcr.io/acme/web:1.7.0') },
    {},
    'failure: ghcr.io/acme/web:1.7.0 comes into prod, and no app has it',
  ],
  [
    'said to be another one in the list alone',
    { [RECORD]: rendered(web('1.6.0'))[RECORD] },
    NO_APPROVERS,
    `failure: ${BY_HAND}`,
  ],
  [
    'left out of the list',
    { ...web('1.7.0'), [RECORD]: rendered(PLAIN)[RECORD] },
    {},
    'failure: prod takes web 1.7.0 only once',
  ],
  ['rolled back', web('1.4.0'), NO_APPROVERS, `failure: ${BY_HAND}`],
])('A rendered file that is %s by hand', async (_name, edits, where, expected) => {
  expect(await verdictOn(edits, where)).toContain(expected);
});

test.each<[string, Edits, Files, string]>([
  ['ends to be rendered', { [RECORD]: undefined }, PROD, 'whether or where this branch is materialized'],
  ['begins to be rendered', { [RECORD]: PROD[RECORD] }, web('1.5.0'), 'whether or where this branch is materialized'],
  ['has its list elsewhere', { [`x/${RECORD}`]: PROD[RECORD] }, PROD, 'whether or where this branch is materialized'],
  ['has a list that is none', { [RECORD]: '[]\n' }, PROD, 'is not the list of files'],
  ['is built', { 'kustomization.yaml': 'resources: [shop/service-web.yaml]\n' }, PROD, 'make something else of what'],
  ['is built by Argo CD', { 'shop/.argocd-source-web.yaml': 'kustomize: {}\n' }, PROD, 'make something else of what'],
  ['hides files from Flux', { '.sourceignore': '*.yaml\n' }, PROD, 'make something else of what'],
  ['is a link', { 'shop/role-a.yaml': 'symbolic link: ../../secret' }, PROD, 'symbolic link'],
])('A pull request by which a rendered branch %s is refused', async (_name, edits, before, expected) => {
  expect(await verdictOn(edits, { before })).toMatch(new RegExp(`^failure: .*${expected}`));
});

const SHARED = `environments:
  stage: { branch: env/all }
  prod: { branch: env/all, after: stage }
`;
const both = (stage: string, prod: string) => ({
  ...rendered(web(stage), 'stage'),
  ...rendered(web(prod), 'prod'),
});

test.each<[string, Files, string]>([
  ['its own', both('1.6.0', '1.6.0'), 'success: Takes web 1.6.0.'],
  ['its own, too early', both('1.6.0', '1.7.0'), 'failure: prod takes web 1.7.0 only once'],
  ['another one’s', both('1.7.0', '1.5.0'), 'success: No change.'],
])('An environment that shares a rendered branch is judged by %s folder', async (_name, after, expected) => {
  const before = both('1.6.0', '1.5.0');
  expect(await verdictOn(to(after, before), { policy: SHARED, before, ...UNAPPROVED })).toContain(expected);
});

const parts = (version: string) => ({ [PARTS]: partsText({ source: SOURCE, parts: [`web ${version}`] }, undefined) });
const WITH_PARTS = rendered({ ...web('1.5.0'), ...PLAIN, ...parts('1') });

test.each<[string, Edits, string]>([
  [
    'changed by hand',
    parts('2'),
    `pending: 0 of 1 approval: waits for grace. By hand: ${PARTS} is not what materialize wrote (${RECORD}).`,
  ],
  ['taken away', { [PARTS]: undefined }, `pending: 0 of 1 approval: waits for grace. By hand: ${PARTS} is not`],
  [
    'that comes with what is rendered',
    to(rendered({ ...web('1.6.0'), ...PLAIN, ...parts('2') }), WITH_PARTS),
    'pending: 0 of 1 approval: waits for grace.',
  ],
])('what says the remote parts of a branch, %s', async (_what, edits, expected) => {
  const told = await verdictOn(edits, { before: WITH_PARTS, more: { people: nobody } });
  expect(told).toContain(expected);
  expect(told.includes('By hand')).toBe(expected.includes('By hand'));
});

test('a rollback that brings what says its remote parts goes past a freeze', async () => {
  const back = to(rendered({ ...web('1.4.0'), ...PLAIN, ...parts('0') }), WITH_PARTS);
  expect(await verdictOn(back, { policy: FROZEN, before: WITH_PARTS })).toMatch(/^success: .*a rollback/);
});
