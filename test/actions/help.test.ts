import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runAction } from '../support/run-action.js';

const root = join(import.meta.dirname, '..', '..');
const entries = await readdir(join(root, 'src', 'actions'), { withFileTypes: true });
const actions = entries.filter((each) => each.isDirectory()).map(({ name }) => name);

const page = await readFile(join(root, 'docs', 'troubleshooting.md'), 'utf8');

test.each(actions)(
  'an error of %s ends with a link to its own place on the page that has all messages',
  async (action) => {
    const { stdout, exitCode } = await runAction({ action, env: { GITHUB_REPOSITORY: 'nonsense' }, keepsHelp: true });
    expect(exitCode).toBe(1);
    const errors = [...stdout.matchAll(/^::error.*$/gm)].map(([line]) => line);
    const link = '%0AHelp: https://github.com/ostack/actions/blob/main/docs/troubleshooting.md#';
    const [, anchor = ''] = errors.at(-1)?.split(link) ?? [];
    expect(page).toContain(`<a id="${anchor}"></a>`);
    // Where a message is made of little but values, the place of its action is linked.
    expect([expect.stringMatching(/^m-/), action]).toContainEqual(anchor);
    expect(page).toContain(`<a id="${action}"></a>`);
  },
);
