import { expect, test } from '@jest/globals';
import { checkOutputSize } from '../../../src/actions/build-push-image/outputs.js';

const planned = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ app: `app-${index}`, image: `app-${index}`, repository: `ghcr.io/acme/app-${index}`, version: '1.1.0' },
    ...{ tags: ['1.1.0'], context: '.', file: 'Dockerfile', shared: [] },
  }));

test('a list of images too large for an input of a later step is refused before any is built', () => {
  expect(() => checkOutputSize(planned(1000), [])).not.toThrow();
  expect(() => checkOutputSize(planned(3000), ['linux/amd64', 'linux/arm64'])).toThrow(
    /^3000 images are more than one step can tell the next of \(128 KiB packed\)\. Deliver them in parts: /,
  );
});
