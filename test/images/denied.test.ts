import { describe, expect, test } from '@jest/globals';
import { deniedAdvice, deniedIn } from '../../src/images/denied.js';

const SETTINGS = 'https://github.com/orgs/acme/packages/container/shop%2Fweb/settings';

describe("GitHub's registry", () => {
  test('that denies access gets the permission, the link to the repository and the visibility named', () => {
    const advice = deniedAdvice('ghcr.io', 'acme/shop/web', 'requested access to the resource is denied');
    for (const part of [
      '"packages: write"',
      'not linked to this repository',
      SETTINGS,
      'role Write',
      'Internal or Public',
    ]) {
      expect(advice).toContain(part);
    }
  });

  test('whose organisation lets workflows create no package says whose setting that is', () => {
    expect(deniedAdvice('ghcr.io', 'acme/web', 'installation not allowed to Create organization package')).toMatch(
      /^The organisation acme does not let workflows create packages\./,
    );
  });
});

describe('what an engine says', () => {
  test.each([
    ['failed to push ghcr.io/acme/shop/web:1.4.0: denied: permission_denied: write_package', SETTINGS],
    ['unexpected status from HEAD request to https://ghcr.io/v2/acme/shop/web/blobs/sha256:1: 403 Forbidden', SETTINGS],
    ['ghcr.io/acme/base:1: failed to authorize: failed to fetch oauth token: 403 Forbidden', 'container/base/settings'],
    ['denied: requested access to the resource is denied', SETTINGS],
  ])('%s', (words, advice) => {
    expect(deniedIn(words, 'ghcr.io/acme/shop/web')).toContain(advice);
  });

  const ECR = '1.dkr.ecr.eu-west-1.amazonaws.com/previews/web';
  const CREATE = 'aws ecr create-repository --repository-name previews/web';
  test.each([
    [ECR, "name unknown: The repository with name 'previews/web' does not exist in the registry with id '1'", CREATE],
    [ECR, `unexpected status from POST request to https://${ECR}/blobs/uploads/: 404 Not Found`, CREATE],
    ['ghcr.io/acme/web', 'name unknown: nothing here', undefined],
    ['public.ecr.aws/acme/web', 'name unknown: nothing here', undefined],
  ])('of %s, which is not there: %s', (repository, words, advice) => {
    const said = deniedIn(words, repository);
    expect(advice === undefined ? said : said?.includes(advice)).toBe(advice === undefined ? undefined : true);
  });

  test.each([
    'process "/bin/sh -c make" did not complete successfully: exit code: 1',
    'open /x: permission denied',
    '',
  ])('without a denied access gets no advice: %s', (words) =>
    expect(deniedIn(words, 'ghcr.io/acme/web')).toBeUndefined(),
  );
});
