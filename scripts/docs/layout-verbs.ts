import type { ImageTarget } from '../../src/ops/carriers/carrier.js';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { findBase } from '../../src/ops/judgement/preview-base.js';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import type { LedgerEntry } from '../../src/ops/ledger/ledger.js';
import { readState } from '../../src/ops/overlays/app-state.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import type { Layout } from '../../src/ops/overlays/layout.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { planPromotion } from '../../src/ops/restore/plan-promotion.js';
import { planRollback } from '../../src/ops/restore/plan-rollback.js';
import type { Change } from '../../src/ops/tree/change.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../src/ops/tree/tree-reader.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { planOnboard } from '../../src/ops/verbs/onboard/plan.js';
import { comparisonOf } from '../../test/ops/verbs/check/support.js';

/** The verbs of the table, in its order. */
export const VERBS = ['bump', 'promote', 'rollback', 'status', 'check', 'onboard', 'preview'] as const;
export type Verb = (typeof VERBS)[number];

/** For each verb whether it works: `undefined`, the reason why not, or the input that it takes. */
export type Worked = Record<Verb, Hindrance | undefined>;

export interface Hindrance {
  reason: string;
  /** Whether it works with the input that the reason asks for. */
  isAsked: boolean;
}

type Files = Readonly<Record<string, string>>;

interface Tried {
  files: Files;
  tree: TreeReader;
  layout: Layout;
}

const WEB: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const VERSIONS = { staging: '1.1.0', production: '1.0.0' };
const MANIFESTS = new Map([
  ['kustomization.yaml', 'resources: [deployment.yaml]\n'],
  [
    'deployment.yaml',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: jobs }\nspec: { template: { spec: { containers: [{ name: jobs, image: ghcr.io/acme/jobs }] } } }\n',
  ],
]);

/** Tries every verb on a small repository in which staging runs web 1.1.0 and production web 1.0.0. */
export async function triedVerbs(files: Files): Promise<Worked> {
  const tree = objectTree(files);
  const tried: Tried = { files, tree, layout: await locateApps(tree, NO_POLICY) };
  const bump = await reasonOf(bumped(tried, 'staging'));
  return {
    bump,
    promote: await reasonOf(promoted(tried)),
    rollback: await reasonOf(rolledBack(tried)),
    status: await reasonOf(listed(tried)),
    check: bump ?? (await reasonOf(checked(tried))),
    onboard: await reasonOf(onboarded(tried)),
    preview: await reasonOf(previewed(tried)),
  };
}

async function reasonOf(work: Promise<unknown>): Promise<Hindrance | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    const isAsked = error instanceof NeedsGroup;
    return { reason: error instanceof Error ? error.message : String(error), isAsked };
  }
}

/** An app is taken in only where one of several groups is named. */
class NeedsGroup extends Error {}

function expectSame(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
}

function applied(files: Files, { files: changed }: Change): Files {
  return { ...files, ...Object.fromEntries(changed) };
}

async function versionOf(files: Files, layout: Layout, environment: string): Promise<string | null> {
  const overlay = await readOverlay(objectTree(files), layout, environment, 'web');
  return deployedIn(overlay?.files ?? [], 'web').version;
}

async function bumped({ files, tree, layout }: Tried, environment: string): Promise<Files> {
  const release = { app: 'web', version: '2.0.0', images: [WEB], release: undefined };
  const target = { ...release, source: { repository: 'acme/apps', sha: '' } };
  const { plan, problem } = await planOverlay(tree, layout, { environment, target, nameInApps: 'web', branch: '' }, [
    WEB,
  ]);
  if (problem !== undefined) {
    throw new Error(problem.message);
  }
  const after = applied(files, plan.change);
  expectSame(await versionOf(after, layout, environment), '2.0.0');
  return after;
}

async function promoted({ files, tree, layout }: Tried): Promise<Files> {
  const [source, target] = await Promise.all(
    ['staging', 'production'].map((environment) => readState(tree, layout, environment, 'web')),
  );
  if (source === undefined || target === undefined) {
    throw new Error('there are no two environments');
  }
  const { failed, change } = planPromotion([{ app: 'web', source, target }], false);
  if (failed[0] !== undefined) {
    throw new Error(failed[0].error.message);
  }
  const after = applied(files, change);
  expectSame(await versionOf(after, layout, 'production'), VERSIONS.staging);
  return after;
}

async function rolledBack(tried: Tried): Promise<void> {
  const { files, tree, layout } = tried;
  const { deployed } = await readState(tree, layout, 'production', 'web');
  const entry: LedgerEntry = {
    ...{
      oid: 'a',
      lastOid: 'a',
      at: new Date(0),
      present: true,
      version: VERSIONS.production,
      pinned: [],
      author: 'ada',
    },
    ...{ targets: deployed?.targets ?? [], trailers: undefined, pullRequest: undefined },
  };
  const after = await promoted(tried);
  const restore = {
    ...{ environment: 'production', hold: undefined, now: new Date(0) },
    goals: [{ app: 'web', from: VERSIONS.staging, version: VERSIONS.production, entry }],
  };
  const back = await planRollback(objectTree(after), layout, restore, () => tree);
  if (back.state !== 'change') {
    throw new Error(`nothing is rolled back: ${back.state}`);
  }
  expectSame(
    await versionOf(applied(after, back.change), layout, 'production'),
    await versionOf(files, layout, 'production'),
  );
}

async function listed({ files, tree, layout }: Tried): Promise<void> {
  for (const [environment, version] of Object.entries(VERSIONS)) {
    expectSame((await environmentApps(tree, layout, environment)).includes('web'), true);
    expectSame(await versionOf(files, layout, environment), version);
  }
}

async function checked(tried: Tried): Promise<void> {
  const policy = { 'ostack.yaml': 'environments: { staging: {}, production: { after: staging } }\n' };
  const before = { ...tried.files, ...policy };
  const after = { ...(await bumped(tried, 'production')), ...policy };
  const { held, problems } = await inspect(comparisonOf(before, after));
  expectSame(problems, []);
  const moved = held.filter(({ moves }) => moves).map(({ environment, app }) => `${app} in ${environment}`);
  expectSame(moved.includes('web in production'), true);
}

async function onboarded({ tree, layout }: Tried): Promise<void> {
  const jobs = {
    app: 'jobs',
    environment: 'staging',
    images: [],
    version: '9.0.0',
    from: undefined,
    manifests: MANIFESTS,
  };
  const planned = await planOnboard(tree, layout, NO_POLICY, { ...jobs, group: undefined });
  if (planned.state !== 'refused') {
    return;
  }
  for (const group of new Set(layout.templates.flatMap((template) => template.split('/')))) {
    const again = await planOnboard(tree, layout, NO_POLICY, { ...jobs, group });
    if (again.state !== 'refused') {
      throw new NeedsGroup(planned.error.message);
    }
  }
  throw planned.error;
}

async function previewed({ tree, layout }: Tried): Promise<void> {
  const overlay = await readOverlay(tree, layout, 'staging', 'web');
  if ((await findBase(tree, layout, 'staging', 'web', overlay)) === undefined) {
    throw new Error('there is no base with a kustomization, which a preview could be made of');
  }
}
