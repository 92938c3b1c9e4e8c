import type { AppsConfig } from '../../apps/config.js';
import type { Apps } from '../../apps/discover.js';
import type { ConfigFile } from '../../config/read-config.js';
import { maintenanceLine } from '../../release/maintenance-line.js';
import type { ReleaseRules } from '../../release/plan.js';
import { TagFormat } from '../../release/tags.js';
import type { Inputs } from './inputs.js';

/** Types of commits that release nothing by themselves. */
const IGNORED_TYPES = ['docs', 'test', 'ci', 'style'];

/**
 * The rules of releases: what an input says, else `ostack.yaml`, else the convention.
 *
 * @param selected names of the apps that this run looks at
 * @param ref of the run
 * @param file `ostack.yaml`
 * @throws Error when the format of tags mixes apps up, or a version is asked for that cannot be for one app alone;
 *   ConfigError where `ostack.yaml` is to blame
 */
export function releaseRules(
  inputs: Inputs,
  repository: Apps,
  { selected, ref, file }: { selected: readonly string[]; ref: string; file: ConfigFile<AppsConfig> },
): ReleaseRules {
  const { config } = repository;
  const word = inputs.prerelease ?? config.prerelease;
  return {
    format: tagFormat(inputs, repository, file),
    firstVersion: inputs.firstVersion ?? config['first-version'] ?? '0.1.0',
    line: maintenanceLine(ref),
    firstIsChosen: (inputs.firstVersion ?? config['first-version']) !== undefined,
    beforeOne: inputs.beforeOne ?? config['before-1.0'] ?? 'minor',
    prerelease: word === 'none' ? undefined : word,
    defaultLevel: inputs.defaultLevel ?? config['default-level'] ?? 'patch',
    ignoredTypes: (inputs.ignoredTypes ?? config['ignored-types'] ?? IGNORED_TYPES).map((type) => type.toLowerCase()),
    releaseAs: askedVersions(inputs, selected),
  };
}

function tagFormat(
  { tagFormat: input }: Inputs,
  { config, single, apps }: Apps,
  file: ConfigFile<AppsConfig>,
): TagFormat {
  const key = config['tag-format'];
  const wrong = (text: string) => file.error(['tag-format'], `"${key}": ${text}`);
  const format =
    input === undefined && key !== undefined ? new TagFormat(key, single, wrong) : new TagFormat(input, single);
  format.checkApps(apps.map(({ name }) => name));
  return format;
}

function askedVersions({ releaseAs }: Inputs, selected: readonly string[]): Map<string, string> {
  const asked = new Map<string, string>();
  for (const { app, version } of releaseAs) {
    const [only, ...others] = selected;
    if (app === undefined && others.length > 0) {
      throw new Error(
        `Input "release-as" is "${version}", and there are several apps: ${selected.join(', ')}. Say which one it is for, ` +
          `for example ${only}=${version}.`,
      );
    }
    const name = app ?? only ?? '';
    if (!selected.includes(name)) {
      throw new Error(`Input "release-as" is for "${name}", and this run is for ${selected.join(', ')}.`);
    }
    asked.set(name, version);
  }
  return asked;
}
