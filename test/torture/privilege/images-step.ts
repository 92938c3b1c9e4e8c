import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStage } from '../../../src/local/stage.js';
import { rest } from '../../local/github/support.js';
import { clone } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import type { Ground, Step } from './missing.js';

/** Images of pull requests are deleted where the token may; without it, it is said what to set. */
export const imagesStep: Step = {
  place: 'pull-request.yml/delete-images/delete-preview-images',
  reach: { 'github-token': ['acme/apps'] },
  told: ['github-token packages'],
  ground: imagesGround,
};

/** A closed pull request whose image is in GitHub's registry. */
async function imagesGround(): Promise<Ground> {
  const stage = await startStage();
  const apps = await stage.github.createRepository('acme/apps', { files: { 'apps/web/Dockerfile': 'FROM scratch\n' } });
  const head = await apps.commit('one', { a: '1' }, 'feat: a');
  await rest(stage, 'POST /repos/acme/apps/pulls', { head: 'one', base: 'main', title: 'feat: a' });
  await rest(stage, 'PATCH /repos/acme/apps/pulls/1', { state: 'closed' });
  stage.github.addPackage('acme/previews/web', { 'acme/apps': 'admin' }, [[`pr-1-${head}`], ['kept']]);
  const root = await mkdtemp(join(tmpdir(), 'ostack-images-'));
  await clone(stage, apps, root, []);
  return {
    stage,
    run: (tokens) =>
      runAction({
        action: 'delete-preview-images',
        cwd: root,
        inputs: tokens,
        env: {
          ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
          ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: head, GITHUB_WORKSPACE: root },
        },
      }),
    async [Symbol.asyncDispose]() {
      await stage.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
