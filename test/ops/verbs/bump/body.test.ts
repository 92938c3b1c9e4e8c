import { describe, expect, test } from '@jest/globals';
import { renderStory, type Story } from '../../../../src/ops/verbs/bump/body.js';

const story: Story = {
  app: 'my-app',
  environment: 'staging',
  version: '1.4.0',
  previous: '1.2.0',
  images: [],
  releases: [
    { version: 'my-app-v1.4.0', url: 'https://github.test/acme/apps/releases/tag/my-app-v1.4.0', notes: 'new' },
  ],
  olderReleasesUrl: undefined,
  source: { repository: 'acme/apps', sha: 'b'.repeat(40), commitUrl: 'https://github.test/c', runUrl: '' },
  diff: '',
  others: [],
  merges: false,
};

describe('the releases in the text of a pull request', () => {
  const textOf = (changes: Partial<Story>) => renderStory({ ...story, ...changes }, 60_000);

  test('are told with their notes, and no more where they are all', () => {
    expect(textOf({})).toContain('> new');
    expect(textOf({})).not.toContain('More releases');
  });

  test('say where to find those that are too far back', () => {
    expect(textOf({ olderReleasesUrl: 'https://github.test/acme/apps/releases' })).toContain(
      '_More releases may lie in between: [all releases](https://github.test/acme/apps/releases)._',
    );
  });

  test('are told to be missing only where they could not be read', () => {
    expect(textOf({ releases: undefined })).toContain('could not be read');
    expect(textOf({ releases: [] })).not.toContain('could not be read');
  });
});
