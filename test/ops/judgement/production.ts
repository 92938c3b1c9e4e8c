/** An app on its way from staging into production, as the gate judges it. */
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { PullPeople } from '../../../src/ops/judgement/approvals.js';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { changeOf, type Files } from './support.js';

export const NOW = new Date('2026-11-20T12:00:00Z');
export const HOUR = 3_600_000;
export const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h }\n';
export const APPROVED =
  'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, approvers: [grace] }\n';
export const FROZEN = POLICY.replace(
  'soak: 2h',
  'soak: 2h, freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }]',
);
export const SOON = POLICY.replace(
  'soak: 2h',
  'soak: 2h, freeze: [{ from: "2026-11-20T12:30:00Z", to: "2026-11-23T11:00:00Z" }]',
);

export const web = (tag: string) =>
  `resources: [../../../bases/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`;
export const ops = (policy: string, production = '1.5.0', more: Files = {}): Files => ({
  'ostack.yaml': policy,
  'bases/web/kustomization.yaml': 'resources: []\n',
  'overlays/staging/web/kustomization.yaml': web('1.6.0'),
  'overlays/production/web/kustomization.yaml': web(production),
  ...more,
});
export const PRODUCTION = 'overlays/production/web/kustomization.yaml';
export const HOLDS = '.ostack/holds.yaml';
export const hold = (version: string, environment = 'production', app = 'web') =>
  `- { environment: ${environment}, app: ${app}, version: ${version}, since: 2026-11-19T10:00:00Z, by: ada }\n`;

export const stop = (environment: string, app: string) =>
  `- { environment: "${environment}", app: "${app}", since: 2026-11-19T12:00:00Z, by: ada }\n`;

/** What an environment held, newest first: versions with the hours for which they are there. */
export function held(...versions: [version: string, hoursAgo: number][]): HeldOnce {
  const entries = versions.map(([version, hours]) => ({
    at: new Date(NOW.getTime() - hours * HOUR),
    present: true,
    version,
    targets: [imageTarget('ghcr.io/acme/web', version)],
  }));
  return { entries, complete: true };
}

const HISTORY: Record<string, HeldOnce> = {
  staging: held(['1.6.0', 1], ['1.5.0', 30]),
  production: held(['1.5.0', 20], ['1.4.0', 50]),
};

export const nobody: PullPeople = {
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
};
export const grace = { login: 'grace', isBot: false, state: 'APPROVED', commit: 'head' };

/** The verdict of production on a change: `pending: web 1.6.0 is …`. */
export async function productionOf(
  before: Files,
  edits: Record<string, string | undefined>,
  more: Partial<Circumstances> = {},
) {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async (environment) => HISTORY[environment] ?? { entries: [], complete: true },
    ...more,
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return `${verdict?.state}: ${verdict?.reason}`;
}
