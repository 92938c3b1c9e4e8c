/** An infra repository with a shared network and two clusters, as the gate judges it. */
import type { PullPeople } from '../../../src/ops/judgement/approvals.js';
import type { RootPlan } from '../../../src/ops/judgement/changed-root.js';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { type PlannedPull, withPlans } from '../../../src/ops/judgement/with-plans.js';
import { changeOf, type Files } from './support.js';

export const NOW = new Date('2026-11-20T12:00:00Z');
export const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);

export const POLICY = `roots:
  network: { path: network }
  staging: { path: clusters/staging, environment: staging }
  production: { path: clusters/production, environment: production }
environments:
  staging: {}
  production: { approvers: [olga] }
`;
export const FROZEN = POLICY.replace(
  'approvers: [olga]',
  'approvers: [olga], freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }]',
);
export const FREE = 'roots: { network: {}, production: { path: clusters/production } }\n';
export const HOLDS = '.ostack/holds.yaml';
export const hold = (environment: string, app: string) =>
  `- { environment: "${environment}", app: "${app}", since: 2026-11-19T12:00:00Z, by: ada, reason: audit }\n`;

export const root = (key: string, more = '') => `terraform {\n  backend "s3" {\n    key = "${key}"\n  }\n}\n${more}`;
export const cluster = 'module "cluster" {\n  source = "../../modules/cluster"\n}\n';
export const infra = (policy: string, more: Files = {}): Files => ({
  'ostack.yaml': policy,
  'README.md': '',
  Makefile: '',
  'network/main.tf': root('network'),
  'clusters/staging/main.tf': root('staging', cluster),
  'clusters/production/main.tf': root('production', cluster),
  'modules/cluster/main.tf': '',
  ...more,
});

export const planned = (more: Partial<RootPlan> = {}): RootPlan => ({
  ...{ problem: '', lost: [], lostCount: 0, plannedAt: at('10:00') },
  ...more,
});
export const losing = planned({ lost: ['aws_db_instance.main'], lostCount: 1 });
export const ALL = { network: planned(), staging: planned(), production: planned() };

export const olga = { login: 'olga', isBot: false, state: 'APPROVED', commit: 'head', submittedAt: at('11:00') };

export interface Given {
  plans?: Record<string, RootPlan>;
  reviews?: PullPeople['reviews'];
  pull?: Partial<PlannedPull>;
  now?: Date;
}

/** What each that a change touches says of it. */
export async function verdictsOf(
  before: Files,
  edits: Record<string, string | undefined>,
  { plans = ALL, reviews = [], pull = {}, now = NOW }: Given = {},
): Promise<Record<string, string>> {
  const found = await inspectChange(changeOf(before, edits), 'acme/infra');
  const facts = withPlans(found, new Map(Object.entries(plans)), { isFork: false, at: now, isPast: false, ...pull });
  const none = { starters: { logins: [] }, pushers: { logins: [] } };
  const verdicts = await evaluateChange(facts, {
    ...{ messages: [], autoMerge: false, now, allowedSince: undefined },
    people: { head: 'head', author: 'ada', isFork: pull.isFork === true, reviews, ...none },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async () => {
      throw new Error('Infrastructure has no versions.');
    },
  });
  return Object.fromEntries(
    verdicts.flatMap(({ environment, touched, state, reason }) =>
      touched ? [[environment, `${state}: ${reason}`]] : [],
    ),
  );
}

export const edit = { 'clusters/production/main.tf': root('production', '# new\n') };
