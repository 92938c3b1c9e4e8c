import { expect, test } from '@jest/globals';
import { rest, stageWith } from './support.js';

test('links lead to pages, and nothing in them runs', async () => {
  const { stage, repository } = await stageWith({ 'docs/a b.md': '<script>alert(1)</script>\n' });
  await using _stage = stage;
  const head = await repository.commit('topic', { 'b.txt': 'b\n' }, 'feat: <b>');
  const pull = { title: '<img src=x>', head: 'topic', base: 'main', body: '**bold** <script>alert(1)</script>' };
  await rest(stage, 'POST /repos/acme/app/pulls', pull);
  await rest(stage, 'POST /repos/acme/app/releases', { tag_name: 'app-v1.0.0', body: 'Notes' });
  await repository.reportRun({
    ...{ id: 7, number: 1, attempt: 1, file: '.github/workflows/release.yml', status: 'completed' },
    ...{ headBranch: 'main', headSha: head, headRepository: 'acme/app', pulls: [], referenced: [] },
    title: 'feat: <b>',
    workflow: 'Release',
    event: 'push',
    actor: 'ada',
    triggeringActor: 'ada',
    conclusion: 'success',
    annotations: [],
    jobs: [{ name: 'Images', conclusion: 'success', annotations: [], summary: '## Deployed' }],
  });
  const pages = {
    '/': 'acme/app',
    '/acme/app': '#1 &#60;img src=x&#62;',
    '/acme/app/pull/1': '<strong>bold</strong> &lt;script&gt;',
    '/acme/app/actions/runs/7': '<h2>Deployed</h2>',
    '/acme/app/releases/tag/app-v1.0.0': 'Notes',
    [`/acme/app/commit/${head}`]: 'feat: &#60;b&#62;',
    '/acme/app/compare/main...topic': '+b',
    '/acme/app/blob/main/docs/a%20b.md': '&#60;script&#62;alert(1)&#60;/script&#62;',
  };
  for (const [path, text] of Object.entries(pages)) {
    const response = await fetch(`${stage.serverUrl}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    expect(await response.text()).toContain(text);
  }
  for (const path of ['pull/2', 'actions/runs/8']) {
    expect((await fetch(`${stage.serverUrl}/acme/app/${path}`)).status).toBe(404);
  }
});
