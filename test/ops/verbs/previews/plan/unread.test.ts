import { expect, test } from '@jest/globals';
import { at, type Files, listed, OPS, plan, previewOf } from '../support.js';

const MAILER = 'bases/mailer/kustomization.yaml';
const { [MAILER]: _, 'bases/mailer/deployment.yaml': _own, ...WITHOUT } = OPS;
const EVERY = 'Every object of the whole cluster of mailer';

/** What is said of the mailer in the preview of pull request 7, and its kustomization there. */
async function mailerOf(files: Files) {
  const planned = await plan(files, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
  const { leftOut = [] } = planned.decisions[0]?.preview ?? {};
  const said = leftOut.map(({ app, kind, name }) => (name === undefined ? `Every ${kind} of ${app}` : ''));
  return { said, text: planned.change.files.get('previews/pr-7/mailer/kustomization.yaml') ?? '' };
}

test.each<[what: string, files: Files, isUnread: boolean]>([
  ['a folder elsewhere', { [MAILER]: 'resources: [deployment.yaml, "https://github.com/acme/a//b"]\n' }, true],
  ['a file elsewhere', { [MAILER]: 'resources: [deployment.yaml, https://acme.dev/a.yaml]\n' }, true],
  ['a component elsewhere', { [MAILER]: 'components: ["https://github.com/acme/a//b"]\n' }, true],
  ['a patch from elsewhere', { [MAILER]: 'patches: [{ path: https://acme.dev/a.yaml }]\n' }, true],
  ['a chart', { [MAILER]: 'resources: [deployment.yaml]\nhelmCharts: [{ name: a }]\n' }, true],
  ['a generator', { [MAILER]: 'generators: [a.yaml]\n' }, true],
  [
    'one of these in a folder that it takes in',
    { 'bases/a/kustomization.yaml': 'helmCharts: [{ name: a }]\n', [MAILER]: 'resources: [../a]\n' },
    true,
  ],
  ['files of its own alone', {}, false],
  [
    'fields of images elsewhere',
    { [MAILER]: 'resources: [deployment.yaml]\nconfigurations: [https://acme.dev/a.yaml]\n' },
    false,
  ],
])('of an app with %s, what nobody reads is left out by kinds, and that is said', async (_what, files, isUnread) => {
  const { said, text } = await mailerOf({ ...OPS, ...files });
  expect(said.includes(EVERY)).toBe(isUnread);
  expect(text.includes('ClusterRoleBinding')).toBe(isUnread);
});

test('an app that its overlay takes from a file elsewhere is in the preview', async () => {
  const overlay = 'resources: [https://acme.dev/mailer.yaml]\npatches: [{ path: https://acme.dev/patch.yaml }]\n';
  const { said, text } = await mailerOf({ ...WITHOUT, 'overlays/staging/mailer/kustomization.yaml': overlay });
  expect(said).toContain(EVERY);
  expect(text).toContain('resources:\n  - https://acme.dev/mailer.yaml\n');
  expect(text).not.toContain('patch.yaml');
});
