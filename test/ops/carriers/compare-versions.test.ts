import { describe, expect, test } from '@jest/globals';
import { compareVersions } from '../../../src/ops/carriers/compare-versions.js';

describe('what an environment holds and what a release brings', () => {
  const A = 'sha256:a';
  const B = 'sha256:b';
  test.each([
    [{ tag: '1.3.0' }, { tag: '1.4.0' }, 'newer'],
    [{ tag: '1.9.0' }, { tag: '1.10.0' }, 'newer'],
    [{ tag: '1.4.0' }, { tag: '1.3.9' }, 'older'],
    [{ tag: '1.4.0-rc.1' }, { tag: '1.4.0' }, 'newer'],
    [{ tag: '1.4.0' }, { tag: '1.4.0-rc.2' }, 'older'],
    [{ tag: '1.4.0-rc.2' }, { tag: '1.4.0-rc.10' }, 'newer'],
    [{ tag: 'my-app-v1.4.0' }, { tag: '1.4.0' }, 'same'],
    [{ tag: '1.4.0', digest: A }, { tag: '1.4.0', digest: A }, 'same'],
    [{ tag: '1.4.0', digest: A }, { tag: '1.4.0' }, 'same'],
    [{ tag: '1.4.0', digest: A }, { tag: '1.4.0', digest: B }, 'same-version-other-digest'],
    [{ tag: 'main' }, { tag: 'main' }, 'same'],
    [{ tag: 'main', digest: A }, { tag: 'main', digest: B }, 'same-version-other-digest'],
    [{ tag: 'main-1' }, { tag: 'main-2' }, 'unknown'],
    [{ tag: 'latest' }, { tag: '1.4.0' }, 'unknown'],
    [{ tag: '1.4.0' }, { tag: 'main-2' }, 'unknown'],
    [{ digest: A }, { tag: '1.4.0', digest: A }, 'same'],
    [{ digest: A }, { tag: '1.4.0', digest: B }, 'unknown'],
    [{}, { tag: '1.4.0' }, 'unknown'],
  ])('%j then %j: %s', (deployed, incoming, order) => {
    expect(compareVersions(deployed, incoming)).toBe(order);
  });
});
