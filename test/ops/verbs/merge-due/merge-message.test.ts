import { expect, test } from '@jest/globals';
import { squashMessage } from '../../../../src/ops/verbs/merge-due/merge-message.js';

const trailers = (version: string) =>
  `Ostack-Action: bump-ops-overlay\nOstack-Environment: staging\nOstack-App: shop\nOstack-Version: ${version}`;
const bump = (version: string) => `chore: shop ${version}\n\nNotes.\n\n${trailers(version)}\n`;

test('the last commit with trailers gives the message, and the others are named', () => {
  expect(squashMessage([bump('1.0.0'), 'tune\u0007 it\u202e\n\nmore', bump('1.1.0')])).toEqual({
    message: { headline: 'chore: shop 1.1.0', body: `Notes.\n\n${trailers('1.1.0')}` },
    others: ['tune it⟨U+202E⟩'],
  });
});

test('GitHub words the message where no commit has trailers', () => {
  expect(squashMessage(['docs: how', 'fix'])).toBeUndefined();
});
