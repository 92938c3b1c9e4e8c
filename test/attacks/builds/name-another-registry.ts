import { startRegistry } from '../../../src/local/registry/registry.js';
import { type Builds, type Deed, pushed, runRelease } from '../support/builds.js';

const registryIs = (address: string) => ({
  'ostack.yaml': `registry: ${address}\napps: { shop: { images: { shop: { context: src, file: Dockerfile } } } }\n`,
});

/** What a pull request comes to that says where images go. @param merged whether the default branch says so, too */
async function built(builds: Builds, isMerged: boolean): Promise<string> {
  await using theirs = await startRegistry();
  const files = registryIs(`${theirs.address}/acme`);
  await pushed(builds.stage, builds.checkout, isMerged ? files : registryIs(`${builds.stage.registry}/acme`));
  await builds.checkout.commit({ ...files, 'apps/shop/src/page': 'two\n' });
  const inputs = { registry: '', username: 'ada', password: 'pass-word' };
  const { stdout } = await runRelease(builds, '1.0.1', { GITHUB_REF: 'refs/pull/7/merge' }, inputs);
  return `${theirs.requests.length === 0 ? 'asks nobody' : 'goes there'}: ${stdout}`;
}

/** A pull request names the registry of somebody, to which the password would go. */
export const deed: Deed = {
  attack: (builds) => built(builds, false),
  refused: /^asks nobody: [\s\S]*::error::ostack\.yaml here sends images to \S+\/acme, and that of main to /,
  honest: (builds) => built(builds, true),
  allowed: /^goes there: (?![\s\S]*::error)/,
};
