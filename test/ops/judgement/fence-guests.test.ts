/** Workspaces that share a repository: whose images run in whose apps. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { at, base } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

const A = `sha256:${'a'.repeat(64)}`;
const rule = (match: string, from: string) =>
  `- { match: "ghcr.io/acme/${match}", from: acme/${from}, workflow: .github/workflows/release.yml }\n`;
const POLICY = `environments: { production: {} }
guests: { growth: acme/growth-apps, labs: acme/labs-apps }
apps: { growth-shop: { images: [ghcr.io/acme/growth-shop, ghcr.io/acme/labs-shop, ghcr.io/acme/shop, docker.io/library/redis] } }
images:
${rule('growth-*', 'growth-apps')}${rule('labs-*', 'labs-apps')}${rule('*', 'apps')}- { match: "docker.io/library/*", pinned: true }
`;
const overlay = (app: string, image: string, digest: string) =>
  `resources: [../../../bases/${app}]\nimages: [{ name: ghcr.io/acme/${app}, newName: ${image}, digest: "${digest}" }]\n`;
const FILES: Files = {
  'ostack.yaml': POLICY,
  ...base('shop'),
  ...base('growth-shop'),
  [at('production', 'shop')]: overlay('shop', 'ghcr.io/acme/shop', A),
  [at('production', 'growth-shop')]: overlay('growth-shop', 'ghcr.io/acme/growth-shop', A),
};

async function told(app: string, image: string, policy = POLICY): Promise<string> {
  const before = { ...FILES, 'ostack.yaml': policy };
  const edits = { [at('production', app)]: overlay(app, image, `sha256:${'b'.repeat(64)}`) };
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const messages = (facts.problems.get('production') ?? []).map(({ message }) => message);
  return messages.filter((message) => message.includes('"guests"')).join(' | ');
}

describe('An app takes images of its own workspace', () => {
  test.each([
    ['growth-shop', 'ghcr.io/acme/growth-shop'],
    ['shop', 'ghcr.io/acme/shop'],
    ['growth-shop', 'redis'],
  ])('%s takes %s', async (app, image) => {
    expect(await told(app, image)).toBe('');
  });

  test.each([
    [
      'growth-shop',
      'ghcr.io/acme/labs-shop',
      'is built by acme/labs-apps, and growth-shop in production is of the guest growth, whose apps acme/growth-apps builds',
    ],
    ['growth-shop', 'ghcr.io/acme/shop', 'is built by acme/apps, and growth-shop in production is of the guest growth'],
    ['shop', 'ghcr.io/acme/growth-shop', 'is built by acme/growth-apps, and shop in production is of no guest'],
  ])('%s does not take %s', async (app, image, reason) => {
    expect(await told(app, image)).toContain(reason);
  });

  test('and a list of names fences nothing', async () => {
    const policy = POLICY.replace(/^guests: .*$/m, 'guests: [growth, labs]');
    expect(await told('growth-shop', 'ghcr.io/acme/labs-shop', policy)).toBe('');
  });
});
