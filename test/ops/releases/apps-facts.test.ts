import { describe, expect, test } from '@jest/globals';
import { settingsOf } from '../../../src/apps/settings.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { type AppsFacts, namesInOps, releasesOf } from '../../../src/ops/releases/apps-facts.js';
import { sharingOf } from '../../../src/ops/repository/workspaces.js';

const sharing = (policy: string) => sharingOf(readPolicy(policy), { owner: 'acme', name: 'ops' });
const shared = sharing('guests: [growth]\n');
const settings = (config: string) => settingsOf(config, { owner: 'acme', name: 'apps' });
const growth = settings('workspace: growth\n');
const blind = new Error('Could not read ostack.yaml in acme/apps.');

describe('what ops calls the apps of a repository', () => {
  test.each<[string, string | undefined, AppsFacts['settings'] | undefined, string, string]>([
    ['follows from its ostack.yaml', undefined, growth, 'guests: [growth]\n', 'growth-shop'],
    ['is what a caller says who names the workspace', 'growth', undefined, 'guests: [growth]\n', 'growth-shop'],
    ['is that even where the repository says another', 'growth', settings(''), 'guests: [growth]\n', 'growth-shop'],
    ['is their own name where nobody shares it, whatever is not known', undefined, undefined, '', 'shop'],
    ['and where that could not be read', undefined, blind, '', 'shop'],
  ])('%s', (_, named, known, policy, expected) => {
    expect(namesInOps(named, known, sharing(policy), 'acme/apps')('shop')).toBe(expected);
  });

  const mapped = sharing('guests: { growth: acme/growth-apps, labs: acme/labs-apps }\n');
  test.each<[string, string, string | undefined, string]>([
    ['is what ops says, whatever the repository says', 'acme/growth-apps', 'labs', 'growth-shop'],
    ['and where it says nothing', 'Acme/Growth-Apps', undefined, 'growth-shop'],
    ['and of others what they say, but for guests', 'acme/apps', undefined, 'shop'],
  ])('%s', (_, source, claimed, expected) => {
    const said = settings(claimed === undefined ? '' : `workspace: ${claimed}\n`);
    expect(namesInOps(undefined, said, mapped, source)('shop')).toBe(expected);
  });

  test('is no name of a guest that another repository is', () => {
    for (const [named, said] of [
      ['growth', settings('')],
      [undefined, growth],
    ] as const) {
      expect(() => namesInOps(named, said, mapped, 'acme/apps')).toThrow(
        'acme/apps says that it is of the workspace growth, whose apps in acme/ops are those of acme/growth-apps',
      );
    }
  });

  test('is not guessed where the repository is shared', () => {
    const unknown =
      'Workspaces share acme/ops, and nothing tells which one this repository belongs to. Give "apps-token" the permission ' +
      '"contents: read", or name it with the input "workspace".';
    expect(() => namesInOps(undefined, undefined, shared, 'acme/apps')).toThrow(unknown);
    expect(() => namesInOps(undefined, blind, shared, 'acme/apps')).toThrow(
      `${unknown} Could not read ostack.yaml in acme/apps.`,
    );
  });

  test('is not guessed from a broken ostack.yaml, shared or not', () => {
    const broken = new ConfigError('ostack.yaml', [{ line: 1, column: 1, path: 'workspce', message: 'is no key' }]);
    expect(() => namesInOps('growth', broken, sharing(''), 'acme/apps')).toThrow(broken);
  });
});

describe('the releases of an app that ops names', () => {
  const releases = ['shop-v2.0.0', 'mailer-v1.0.0'].map((tag) => ({ tag, url: '', notes: '' }));
  const tags = (app: string, of: AppsFacts['settings'], policy = shared) =>
    releasesOf(app, { releases, settings: of }, policy)?.map(({ tag }) => tag);

  test('are those of its own repository, whatever ops calls it', () => {
    expect([tags('growth-shop', growth), tags('shop', settings('')), tags('shop', blind)]).toEqual([
      ['shop-v2.0.0'],
      ['shop-v2.0.0'],
      ['shop-v2.0.0'],
    ]);
    expect(tags('shop', growth, sharing('workspace: growth\n'))).toEqual(['shop-v2.0.0']);
  });

  test("are never another workspace's", () => {
    expect([tags('shop', growth), tags('growth-shop', settings(''))]).toEqual([undefined, undefined]);
  });
});
