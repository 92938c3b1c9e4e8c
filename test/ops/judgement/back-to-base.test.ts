import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { PullPeople } from '../../../src/ops/judgement/approvals.js';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { changeOf, type Files } from './support.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const PRODUCTION = 'overlays/production/web/kustomization.yaml';
const FROZEN =
  'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }] }\n';

const plain = 'resources: [../../../bases/web]\n';
const web = (tag: string) => `${plain}images:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`;
const ON_BASE: Files = {
  'ostack.yaml': FROZEN,
  'bases/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/web/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "ghcr.io/acme/web:1.5.0" }] } } }\n',
  'overlays/staging/web/kustomization.yaml': web('1.6.0'),
  [PRODUCTION]: plain,
};

/** What an environment held, newest first: versions with the hours for which they are there. */
function held(...versions: [version: string, hoursAgo: number][]): HeldOnce {
  const entries = versions.map(([version, hours]) => ({
    at: new Date(NOW.getTime() - hours * HOUR),
    ...{ present: true, version, targets: [imageTarget('ghcr.io/acme/web', version)] },
  }));
  return { entries, complete: true };
}

const STAGING = held(['1.6.0', 5], ['1.5.0', 30]);
const OWN_FILES: HeldOnce = { ...held(['1.5.0', 0]), isInBase: true };
const WITH_BASES = held(['1.5.0', 20], ['1.4.0', 50]);

const nobody: PullPeople = {
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
};

/** The verdict of production, and which of its histories were asked for. */
async function productionOf(edits: Record<string, string>) {
  const asked: string[] = [];
  const history: Circumstances['history'] = async (environment, _, withBases = false) => {
    if (environment === 'staging') {
      return STAGING;
    }
    asked.push(withBases ? 'with bases' : 'own files');
    return withBases ? WITH_BASES : OWN_FILES;
  };
  const verdicts = await evaluateChange(await inspectChange(changeOf(ON_BASE, edits), 'acme/ops'), {
    ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined, history },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return { says: `${verdict?.state}: ${verdict?.reason}`, asked };
}

describe('Production goes back to what its base alone said', () => {
  test.each<[string, Record<string, string>, string]>([
    ['by an entry of its own', { [PRODUCTION]: web('1.4.0') }, 'success: Takes web 1.4.0; a rollback.'],
    ['to nothing that it never said', { [PRODUCTION]: web('1.3.0') }, 'failure: production takes web 1.3.0 only once'],
    ['and not on to what is new', { [PRODUCTION]: web('1.6.0') }, 'pending: production is frozen until'],
    [
      'and takes nothing else with it',
      { [PRODUCTION]: `${web('1.4.0')}namePrefix: evil-\n` },
      `It is no rollback alone: ${PRODUCTION} changes in more than versions.`,
    ],
  ])('%s', async (_, edits, expected) => {
    expect((await productionOf(edits)).says).toContain(expected);
  });

  test('and its bases are asked for nothing that goes on', async () => {
    expect(await productionOf({ [PRODUCTION]: web('1.6.0') })).toMatchObject({ asked: ['own files'] });
  });
});
