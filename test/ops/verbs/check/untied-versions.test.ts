import { describe, expect, test } from '@jest/globals';
import type { HeldVersion } from '../../../../src/ops/judgement/held-versions.js';
import type { Root } from '../../../../src/ops/judgement/roots.js';
import { readResources } from '../../../../src/ops/render/resource.js';
import { renderedVersions, untiedProblems } from '../../../../src/ops/verbs/check/untied-versions.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const job = (name: string, ...images: string[]) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name} }\nspec: { containers: [${images.map((image) => `{ name: c, image: "${image}" }`).join(', ')}] }\n`;
const release = (tag: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec: { values: { image: { repository: acme/web, tag: ${tag} } } }\n`;

function changed(before: string, after: string) {
  return renderedVersions(readResources(before), readResources(after));
}

describe('the versions that change in the clusters', () => {
  test.each<[what: string, before: string, after: string, expected: string[]]>([
    [
      'are those of containers',
      job('a', 'acme/web:1.0.0'),
      job('a', 'acme/web:2.0.0'),
      ['Job a acme/web :1.0.0 :2.0.0'],
    ],
    ['are those of values', release('1.0.0'), release('2.0.0'), ['HelmRelease web acme/web :1.0.0 :2.0.0']],
    ['are digests too', job('a', 'web:1'), job('a', `web:1@${DIGEST}`), [`Job a web :1 :1@${DIGEST}`]],
    ['are none of what is as it was', job('a', 'acme/web:1.0.0'), job('a', 'acme/web:1.0.0'), []],
    ['are none of what is new', job('a', 'acme/web:1.0.0'), job('a', 'acme/web:1.0.0', 'redis:7'), []],
    ['are none of an object that is new', job('a', 'web:1'), `${job('a', 'web:1')}---\n${job('b', 'web:2')}`, []],
  ])('%s', (_what, before, after, expected) => {
    expect(
      changed(before, after).map((each) => `${each.object} ${each.repository} ${each.before} ${each.after}`),
    ).toEqual(expected);
  });
});

const VERSIONS = changed(job('a', 'acme/web:1.0.0'), job('a', 'acme/web:2.0.0'));
const OWN: Root = {
  ...{ folder: 'overlays/production/web', before: undefined, after: undefined },
  overlay: { environment: 'production', app: 'web', folder: 'overlays/production/web' },
};
const SHARED: Root = {
  ...{ folder: 'apps/production', before: undefined, after: undefined },
  overlay: { environment: 'production', app: '', folder: 'apps/production' },
};

function held(tag: string, more: Partial<HeldVersion> = {}): HeldVersion {
  return {
    ...{
      environment: 'production',
      app: 'web',
      version: tag,
      moves: true,
      pinned: [],
      places: [],
      fresh: [],
      strangers: [],
    },
    targets: [{ kind: 'image', repository: 'acme/web', image: 'web', tag }],
    ...more,
  };
}

describe('a version that changes', () => {
  test.each<[what: string, root: Root, held: HeldVersion[], expected: RegExp | undefined]>([
    ['is that of an app whose files say it', OWN, [held('2.0.0')], undefined],
    [
      'is that of an app with a base elsewhere',
      OWN,
      [held('2.0.0', { targets: [{ kind: 'base', repository: 'a/b', appPath: '.', gitTag: 'v2' }] })],
      undefined,
    ],
    ['is nobody’s where no environment is concerned', { ...OWN, overlay: undefined }, [], undefined],
    [
      'fails where the files say another one',
      OWN,
      [held('1.0.0')],
      /^overlays\/production\/web: Job a runs acme\/web 2\.0\.0 instead of 1\.0\.0, and the files of web in production say 1\.0\.0\. Something else sets it/,
    ],
    [
      'fails where the app does not move',
      OWN,
      [held('2.0.0', { moves: false })],
      /say 2\.0\.0\. Something else sets it/,
    ],
    [
      'fails where another environment has it',
      OWN,
      [held('2.0.0', { environment: 'staging' })],
      /nothing in the files of web in production carries it, so no rule can be asked\. Apps there: none\. Set it with "images" in overlays\/production\/web\/kustomization\.yaml\.$/,
    ],
    [
      'fails where no app of several has it, with the lines to paste',
      SHARED,
      [held('2.0.0', { app: 'api', targets: [] })],
      /and no app of production has it, so no rule can be asked\. Apps there: api\. Set it with "images" in apps\/production\/kustomization\.yaml, and say in ostack\.yaml, in a change before this one, whose it is:\n\napps:\n {2}web:\n {4}images: \[acme\/web\]\n$/,
    ],
  ])('%s', (_what, root, all, expected) => {
    const problems = untiedProblems(root, VERSIONS, all, {});
    expect(problems.map(({ level, message }) => [level, message])).toEqual(
      expected === undefined ? [] : [['error', expect.stringMatching(expected)]],
    );
  });

  test('is none where an object of the reconciler sets it above what is built', () => {
    const all = [held('1.5.0', { moves: false })];
    expect(
      untiedProblems(OWN, VERSIONS, all, { further: [{ app: 'web', template: 'clusters/{environment}/web.yaml' }] }),
    ).toEqual([]);
    expect(
      untiedProblems(OWN, VERSIONS, all, { further: [{ app: 'api', template: 'a/{environment}.yaml' }] }),
    ).toHaveLength(1);
  });
});
