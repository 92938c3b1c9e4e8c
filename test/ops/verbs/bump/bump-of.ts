import type { ImageTarget } from '../../../../src/ops/carriers/carrier.js';
import type { AppBump } from '../../../../src/ops/verbs/bump/app-bump.js';

/** A bump of the app `web` to 2.0.0, of one image. */
export function bumpOf(environment: string, image: ImageTarget): AppBump {
  const source = { repository: 'acme/apps', sha: '' };
  const target = { app: 'web', version: '2.0.0', images: [image], release: undefined, source };
  return { environment, target, nameInApps: 'web', branch: `ostack/${environment}/web` };
}
