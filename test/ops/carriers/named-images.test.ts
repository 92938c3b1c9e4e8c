import { describe, expect, test } from '@jest/globals';
import { namedImages } from '../../../src/ops/carriers/named-images.js';

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { ${spec} }\n`;
const names = (spec: string) =>
  namedImages(pod(spec), 'pod.yaml').map(({ repository, tag }) =>
    tag === undefined ? repository : `${repository}:${tag}`,
  );

describe('Images that a pod takes in', () => {
  test.each([
    ['of a container', 'containers: [{ name: a, image: evil.io/a }]', ['evil.io/a']],
    ['before the others', 'initContainers: [{ name: a, image: "evil.io/a:1" }]', ['evil.io/a:1']],
    ['for a look inside', 'ephemeralContainers: [{ name: a, image: evil.io/a }]', ['evil.io/a']],
    ['as a volume', 'volumes: [{ name: a, image: { reference: "evil.io/a:1" } }]', ['evil.io/a:1']],
    ['as a volume without a version', 'volumes: [{ name: a, image: { reference: evil.io/a } }]', ['evil.io/a']],
    ['of a volume that is none', 'volumes: [{ name: a, other: { reference: evil.io/a } }]', []],
  ])('%s', (_, spec, expected) => {
    expect(names(spec)).toEqual(expected);
  });
});
