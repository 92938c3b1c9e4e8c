import { expect, test } from '@jest/globals';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { formatPath, readPath } from '../../../src/ops/yaml/path.js';

const carrier = (file: string, path: string, image = 'ghcr.io/acme/web') =>
  `carriers:\n  - file: ${JSON.stringify(file)}\n    path: ${JSON.stringify(path)}\n    image: ${JSON.stringify(image)}\n`;

test('values that carry versions are read with the line that names them', () => {
  const text = `${carrier('apps/{environment}/*/values.yaml', 'spec.values["a.b"].images[0].tag')}    object: HelmRelease/web\n`;
  expect(readPolicy(`environments: { staging: {} }\n${text}`).carriers).toEqual([
    {
      file: 'apps/{environment}/*/values.yaml',
      path: ['spec', 'values', 'a.b', 'images', 0, 'tag'],
      image: 'ghcr.io/acme/web',
      object: 'HelmRelease/web',
      where: 'ostack.yaml:3',
    },
  ]);
});

test.each([
  [carrier('../web.yaml', 'tag'), 'ostack.yaml:2:11: carriers.0.file: expected a file inside the repository'],
  [carrier('/etc/web.yaml', 'tag'), 'expected a file inside the repository'],
  [carrier('a/../../web.yaml', 'tag'), 'expected a file inside the repository'],
  [carrier('a\\..\\web.yaml', 'tag'), 'expected a file inside the repository'],
  [carrier('{env}/web.yaml', 'tag'), 'unknown placeholder "{env}"'],
  [carrier('{app}/{app}.yaml', 'tag'), 'expected {environment} and {app} once each'],
  [carrier('a/values-*.yaml', 'tag'), 'expected "*" for a whole name'],
  [carrier('web.yaml', ''), 'ostack.yaml:3:11: carriers.0.path: expected the path of a value'],
  [carrier('web.yaml', 'a..b'), 'expected the path of a value'],
  [carrier('web.yaml', 'a.'), 'expected the path of a value'],
  [carrier('web.yaml', '.a'), 'expected the path of a value'],
  [carrier('web.yaml', 'images[x]'), 'expected the path of a value'],
  [carrier('web.yaml', 'images[0]tag'), 'expected the path of a value'],
  [
    carrier('web.yaml', 'tag', 'ghcr.io/acme/web:1.0'),
    'ostack.yaml:4:12: carriers.0.image: expected an image without tag',
  ],
  [carrier('web.yaml', 'tag', 'Not an image'), 'expected an image without tag'],
  [
    `${carrier('web.yaml', 'tag')}${carrier('web.yaml', 'tag', 'acme/api').replace('carriers:\n', '')}`,
    'carriers.1.image: that value carries the version of ghcr.io/acme/web already.',
  ],
  ['carriers: [{ file: a.yaml, path: b }]\n', 'carriers.0'],
  [`${carrier('web.yaml', 'tag')}    key: x\n`, 'key'],
])('what names no value is an error with its line: %j', (text, message) => {
  expect(() => readPolicy(text)).toThrow(message);
});

test.each([
  'a',
  'spec.values.web.version',
  'images[0].newTag',
  '[1].value',
  'data["web.tag"]',
  'a[0][1]["x y"].z',
  'a/b.$c-d',
])('the path %s is read as it is written', (text) => {
  expect(formatPath(readPath(text) ?? [])).toBe(text);
});
