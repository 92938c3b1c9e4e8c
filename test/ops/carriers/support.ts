import { expect } from '@jest/globals';
import type { BaseTarget, ImageTarget, Target } from '../../../src/ops/carriers/carrier.js';
import { setVersion } from '../../../src/ops/carriers/set-version.js';

export const OLD = `sha256:${'0'.repeat(64)}`;
export const NEW = `sha256:${'1'.repeat(64)}`;

export const APP: ImageTarget = {
  kind: 'image',
  repository: 'ghcr.io/acme/my-app',
  image: 'my-app',
  tag: '1.4.0',
  digest: NEW,
};
export const TAG_ONLY: ImageTarget = { ...APP, digest: undefined };
export const WORKER: ImageTarget = { ...APP, repository: 'ghcr.io/acme/my-app-worker', image: 'my-app-worker' };
export const BASE: BaseTarget = {
  kind: 'base',
  repository: 'acme/apps',
  appPath: 'apps/my-app',
  gitTag: 'my-app-v1.4.0',
};

/** A file with a target's version set; that setting it again changes nothing is checked on the way. */
export function set(text: string, target: Target = APP): string {
  const once = setVersion(text, 'kustomization.yaml', target).text;
  expect(setVersion(once, 'kustomization.yaml', target)).toEqual({ text: once, changes: [] });
  return once;
}
