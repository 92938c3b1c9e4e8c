import type { BaseTarget, ChartTarget, ImageTarget } from '../../../../src/ops/carriers/carrier.js';
import type { Choices } from '../../yaml/generate/choices.js';

/** Which version is where before a change, and what the change is to bring. */
export interface World {
  image: ImageTarget;
  base: BaseTarget;
  chart: ChartTarget;
  /** As the files spell it: `docker.io` may be left out. */
  spelled: string;
  /** Images that only look alike. */
  others: string[];
  oldTag: string;
  oldDigest: string;
  oldGitTag: string;
  oldChart: string;
}

/** Tags that YAML readers take for something else, among usual ones. */
const TAGS = [
  '1.3.0',
  '1.4.0',
  '1.10',
  '3e5',
  '0123',
  'yes',
  'on',
  'null',
  '0x1F',
  '1_000',
  '2024-01-02',
  'v2.0.0-rc.1',
  '0o17',
  '7',
  'true',
  'n',
];
const DIGESTS = ['0', '1', 'e', 'ab', '12'].map((digits) => `sha256:${digits.repeat(64).slice(0, 64)}`);
const REPOSITORIES = [
  ['ghcr.io/acme/my-app', 'ghcr.io/acme/my-app'],
  ['registry.acme.dev:5000/team/my-app', 'registry.acme.dev:5000/team/my-app'],
  ['localhost:5000/my-app', 'localhost:5000/my-app'],
  ['docker.io/acme/my-app', 'acme/my-app'],
] as const;

export function worldOf(choices: Choices): World {
  const [repository, spelled] = choices.of<readonly [string, string]>(...REPOSITORIES);
  const [oldTag, tag] = [choices.of('1.3.0', ...TAGS), choices.of('1.5.0', ...TAGS)];
  const [oldDigest = '', digest] = choices.shuffle(DIGESTS);
  return {
    image: { kind: 'image', repository, image: 'my-app', tag, digest: choices.once(4) ? undefined : digest },
    base: { kind: 'base', repository: 'acme/apps', appPath: 'apps/my-app', gitTag: 'my-app-v1.5.0' },
    spelled,
    others: [`${repository}-worker`, 'other.example/acme/my-app', 'ghcr.io/acme/not-my-app', 'localhost:5001/my-app'],
    oldTag,
    oldDigest,
    oldGitTag: 'my-app-v1.3.0',
    chart: {
      ...{ kind: 'chart', name: 'podinfo', version: choices.of('6.6.0', '7.0.0-rc.1', 'v8.0.0') },
      digest: choices.once(3) ? digest : undefined,
    },
    oldChart: choices.of('6.5.0', 'v6.5.1', '6.6.0'),
  };
}
