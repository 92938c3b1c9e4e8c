import { createServer, type Server } from 'node:http';
import { connect as openSocket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../src/local/stage.js';
import { runAction } from '../support/run-action.js';

describe('behind the proxy of a self-hosted runner', () => {
  let stage: Stage;
  let proxy: Server;
  let proxyUrl = '';
  const tunnels: string[] = [];

  beforeAll(async () => {
    stage = await startStage({ repositories: { 'acme/apps': { files: { 'ostack.yaml': 'ops: acme/gitops\n' } } } });
    proxy = createServer().on('connect', ({ url = '' }, client, head) => {
      tunnels.push(url);
      const server = openSocket(Number(new URL(`http://${url}`).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.write(head);
        server.pipe(client).pipe(server);
      });
      server.on('error', () => client.destroy());
      client.on('error', () => server.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    proxyUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(() => {
    tunnels.splice(0);
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await stage.close();
  });

  const run = (env: Record<string, string>) =>
    runAction({
      action: 'find-ops-repository',
      inputs: { 'github-token': stage.token },
      env: {
        GITHUB_API_URL: stage.apiUrl,
        GITHUB_GRAPHQL_URL: stage.graphqlUrl,
        GITHUB_SERVER_URL: stage.serverUrl,
        GITHUB_REPOSITORY: 'acme/apps',
        GITHUB_SHA: 'a'.repeat(40),
        ...env,
      },
    });

  test.each(['http_proxy', 'HTTP_PROXY'])(
    'requests take the way that %s names, or the log says why not',
    async (name) => {
      const { exitCode, stdout, outputs } = await run({ [name]: proxyUrl });
      expect([exitCode, outputs.repository]).toEqual([0, 'acme/gitops']);
      const told = new RegExp(
        `^::warning::${name} is set, and Node [\\d.]+ takes no notice of it: .+ Update the runner`,
        'm',
      );
      // Node 24.14 and newer can be told of a proxy; the tests run on others, too.
      expect([tunnels, told.test(stdout)]).toEqual(
        tunnels.length > 0 ? [[new URL(stage.apiUrl).host], false] : [[], true],
      );
    },
  );

  test('hosts in no_proxy are asked directly', async () => {
    const { exitCode, outputs } = await run({ http_proxy: proxyUrl, no_proxy: 'example.com,127.0.0.1' });
    expect([exitCode, outputs.repository, tunnels]).toEqual([0, 'acme/gitops', []]);
  });

  test('no word of proxies where there is none', async () => {
    const { exitCode, stdout } = await run({ http_proxy: '' });
    expect([exitCode, stdout.includes('proxy'), tunnels]).toEqual([0, false, []]);
  });
});
