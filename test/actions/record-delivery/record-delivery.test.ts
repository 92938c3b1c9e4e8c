import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { restEndpointMethods } from '@octokit/plugin-rest-endpoint-methods';
import { connect } from '../../../src/github/client.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { withPendingDelivery } from '../../../src/release/delivery.js';
import { runAction } from '../../support/run-action.js';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const release = {
  ...{ app: 'shop', version: '1.4.0', tag: 'shop-v1.4.0', previous: null, level: 'minor' },
  ...{ sha: 'a'.repeat(40), notes: '', url: '', created: true },
};
const image = { app: 'shop', image: 'shop', repository: 'registry.example/acme/shop', tag: '1.4.0', digest };
const pullRequest = {
  ...{ environment: 'staging', app: 'shop', number: 7, url: 'https://git.example/acme/ops/pull/7' },
  ...{ action: 'merged', reason: '' },
};

describe('record-delivery', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage({ repositories: { 'acme/apps': { files: { 'README.md': 'Apps\n' } } } });
    const { rest } = restEndpointMethods(
      connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }).octokit,
    );
    const body = withPendingDelivery('## Features\n\n- Cards\n');
    await rest.repos.createRelease({ owner: 'acme', repo: 'apps', tag_name: 'shop-v1.4.0', body });
  });
  afterAll(() => stage.close());

  function record(releases: object[], token = stage.token) {
    stage.github.requests.length = 0;
    return runAction({
      action: 'record-delivery',
      inputs: {
        releases: JSON.stringify(releases),
        images: JSON.stringify([{ ...image, reused: false, platforms: ['linux/amd64'] }]),
        'pull-requests': JSON.stringify([pullRequest]),
        'github-token': token,
      },
      env: {
        GITHUB_API_URL: stage.apiUrl,
        GITHUB_GRAPHQL_URL: stage.graphqlUrl,
        GITHUB_SERVER_URL: stage.serverUrl,
        GITHUB_REPOSITORY: 'acme/apps',
        GITHUB_SHA: 'a'.repeat(40),
      },
    });
  }

  const requests = () => stage.github.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);

  test('writes images and pull requests on the page of the release', async () => {
    const result = await record([release]);
    expect(result.stderr + result.stdout).toContain('Recorded the delivery of shop-v1.4.0.');
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toEqual({ recorded: '["shop-v1.4.0"]' });
    const { rest } = restEndpointMethods(
      connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl }).octokit,
    );
    const page = await rest.repos.getReleaseByTag({ owner: 'acme', repo: 'apps', tag: 'shop-v1.4.0' });
    expect(page.data.body).toMatchSnapshot();
  });

  test('writes nothing the second time', async () => {
    const result = await record([release]);
    expect(result.exitCode).toBe(0);
    expect(requests()).toEqual(['GET /api/v3/repos/acme/apps/releases/tags/shop-v1.4.0 200']);
  });

  test('warns of a tag without a release page and goes on', async () => {
    const result = await record([{ ...release, tag: 'shop-v9.9.9' }, release]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain(
      '::warning::The tag shop-v9.9.9 has no release page, so its delivery is not recorded. tag-release makes the page.',
    );
    expect(result.outputs).toEqual({ recorded: '["shop-v1.4.0"]' });
  });

  test('says which permission the token lacks', async () => {
    const token = stage.github.issueToken({ repositories: ['acme/apps'], permissions: { contents: 'read' } });
    const result = await record(
      [{ ...release, version: '1.4.1' }].map((each) => ({ ...each, app: 'other' })),
      token,
    );
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      '::error::Could not record the delivery of shop-v1.4.0 in acme/apps: the token lacks the permission "contents: write"',
    );
  });
});
