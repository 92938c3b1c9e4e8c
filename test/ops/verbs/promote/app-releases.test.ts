import { expect, test } from '@jest/globals';
import { connect } from '../../../../src/github/client.js';
import { type Connected, nameOf } from '../../../../src/github/connected.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import type { AppsFacts } from '../../../../src/ops/releases/apps-facts.js';
import { sharingOf } from '../../../../src/ops/repository/workspaces.js';
import { appReleases } from '../../../../src/ops/verbs/promote/app-releases.js';

const TAGS: Record<string, string[] | undefined> = {
  'acme/apps': ['cat-v1.0.0', 'dog-v2.0.0'],
  'acme/more': ['emu-v3.0.0'],
  'acme/cat-application': ['v1.5.0'],
  'acme/dog-application': ['v2.5.0'],
};

/** The tags that each of some apps is told of, with the repositories that were asked and what is warned of. */
async function tagsOf(apps: string[], repositories?: string[], ownRepository?: string) {
  const [asked, warnings]: [string[], string[]] = [[], []];
  const read = async (repository: Connected): Promise<AppsFacts> => {
    asked.push(nameOf(repository));
    const releases = TAGS[nameOf(repository)]?.map((tag) => ({ tag, url: '', notes: '' }));
    return { releases, settings: new Error('Nobody asked.') };
  };
  const github = connect({ token: 'x', apiUrl: 'http://localhost', graphqlUrl: 'http://localhost/graphql' });
  const find = appReleases({ github, repositories, usual: 'acme/apps' }, warnings, read);
  const sharing = sharingOf(readPolicy(undefined), { owner: 'acme', name: 'ops' });
  const found = await Promise.all(apps.map((app) => find({ app, ownRepository, sharing })));
  return { tags: found.map((releases) => releases?.map(({ tag }) => tag).join(' ')), asked, warnings };
}

test.each<[string, string[] | undefined, string | undefined, (string | undefined)[], string[]]>([
  ['the usual one', undefined, undefined, ['cat-v1.0.0', 'dog-v2.0.0'], ['acme/apps']],
  [
    'the usual one, where all apps of an environment share a repository',
    undefined,
    'acme/ops-prod',
    ['cat-v1.0.0', 'dog-v2.0.0'],
    ['acme/apps'],
  ],
  [
    'one of each, where they live',
    undefined,
    'acme/{app}-application',
    ['v1.5.0', 'v2.5.0'],
    ['acme/cat-application', 'acme/dog-application'],
  ],
  [
    'one of each, as it is said',
    ['acme/{app}-application'],
    undefined,
    ['v1.5.0', 'v2.5.0'],
    ['acme/cat-application', 'acme/dog-application'],
  ],
  ['several', ['acme/more', 'acme/apps'], undefined, ['cat-v1.0.0', 'dog-v2.0.0'], ['acme/more', 'acme/apps']],
  [
    'one that cannot be read, beside others',
    ['acme/none', 'acme/apps'],
    undefined,
    ['cat-v1.0.0', 'dog-v2.0.0'],
    ['acme/none', 'acme/apps'],
  ],
  ['one that cannot be read', ['acme/none'], undefined, [undefined, undefined], ['acme/none']],
  ['one that has none of them', ['acme/more'], undefined, ['', ''], ['acme/more']],
])('The releases of apps are in %s', async (_name, repositories, own, tags, asked) => {
  expect(await tagsOf(['cat', 'dog'], repositories, own)).toEqual({ tags, asked, warnings: [] });
});

test('what may be of one app or another is not said', async () => {
  const { tags, warnings } = await tagsOf(['cat'], ['acme/cat-application', 'acme/dog-application']);
  expect(tags).toEqual([undefined]);
  expect(warnings).toEqual([
    'acme/cat-application and acme/dog-application have releases that may be of cat, so what it brings is not said. Let "apps-repository" name one, with {app} where each app has its own.',
  ]);
});
