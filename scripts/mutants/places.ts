import type { Mutation } from './mutation.js';

const NAMED = ['test/shapes/named-elsewhere.test.ts'];
const TESTS = ['test/shapes/objects-that-mislead.test.ts'];

/** What objects of Flux and Argo CD say of environments. */
export const PLACES: readonly Mutation[] = [
  {
    name: 'A file with objects of several environments is no place of one',
    file: 'src/ops/layouts/object-carriers.ts',
    text: 'other.environment !== environment',
    replacement: 'other.environment === null',
    tests: TESTS,
  },
  {
    name: 'A folder that another environment builds on is nobody’s overlay',
    file: 'src/ops/layouts/layout-of-deployments.ts',
    text: '&& takesIn(sketch, other.path, path)',
    replacement: '&& other === undefined',
    tests: TESTS,
  },
  {
    name: 'Paths of another source are not those of this repository',
    file: 'src/ops/reconcilers/flux/deployed-folders.ts',
    text: "isBootstrapped(objects) ? undefined : ''",
    replacement: "''",
    tests: TESTS,
  },
  {
    name: 'A cluster that hosts several environments is not that of what its objects set',
    file: 'src/ops/layouts/object-carriers.ts',
    text: 'hosts.has(posix.dirname(file.path))',
    replacement: 'false',
    tests: TESTS,
  },
  {
    name: 'What a question suggests leads to apps',
    file: 'src/ops/layouts/suggestions.ts',
    text: 'filter((_, index) => works[index])',
    replacement: 'filter(() => true)',
    tests: ['test/shapes/questions.test.ts'],
  },
  {
    name: 'A generator’s files of another repository are not those of this one',
    file: 'src/ops/reconcilers/argocd/git-files.ts',
    text: '&& isOwn(git, object)',
    replacement: '',
    tests: ['test/ops/reconcilers/argocd/git-files.test.ts'],
  },
  {
    name: 'Folders with versions beside files of apps are no settings',
    file: 'src/ops/layouts/file-apps.ts',
    text: "!isApp(path, sketch.text(path) ?? '') &&",
    replacement: '',
    tests: NAMED,
  },
  {
    name: 'Files without an ending are apps only where they hold tags',
    file: 'src/ops/layouts/even-ways.ts',
    text: "way === '/{app}' ? isTags :",
    replacement: "way === '/{app}' ? true :",
    tests: ['test/shapes/bare-files.test.ts'],
  },
  {
    name: 'Objects are looked at where the policy says the places, too',
    file: 'src/ops/layouts/near-objects.ts',
    text: 'return deployedBy.length === 0 ? layout : { ...layout, deployedBy };',
    replacement: 'return layout;',
    tests: ['test/shapes/objects-over-known-places.test.ts'],
  },
  {
    name: 'Values beside a kustomization that nothing uses say no version',
    file: 'src/ops/overlays/used-values.ts',
    text: '(told.has(path) || isOfChart || taken.some((file) => mentions(file, name)))',
    replacement: 'path !== name',
    tests: ['test/ops/overlays/used-values.test.ts'],
  },
  {
    name: 'What a component says that Flux adds is told',
    file: 'src/ops/overlays/deploying-objects.ts',
    text: 'return files.map((each) => ({ ...each, untouchable }));',
    replacement: 'return untouchable.length < 0 ? files : [];',
    tests: ['test/ops/overlays/further-layers.test.ts'],
  },
  {
    name: 'A kustomization two levels above is followed',
    file: 'src/ops/overlays/layered-overlay.ts',
    text: 'while (isOwn && isOfEnvironmentAbove(inner)) {',
    replacement: 'while (isOwn && isOfEnvironmentAbove(inner) && taken === folder) {',
    tests: ['test/ops/overlays/further-layers.test.ts'],
  },
  {
    name: 'Folders that are deployed and not looked at are asked, where no pattern has them',
    file: 'src/ops/layouts/places-of-objects.ts',
    text: ' ?? unlookedProblem(unlooked, after, names)',
    replacement: '',
    tests: ['test/shapes/many-applications.test.ts'],
  },
  {
    name: 'An object that deploys a folder above several environments says nothing of one alone',
    file: 'src/ops/overlays/deploying-objects.ts',
    text: "!isTaken ? undefined : taken.some(isOther) ? 'several' : 'one'",
    replacement: "isTaken ? 'one' : undefined",
    tests: ['test/ops/overlays/untouchable-objects.test.ts'],
  },
  {
    name: 'An environment has no place that is named for others alone',
    file: 'src/ops/overlays/layout.ts',
    text: 'places?.get(template)?.has(environment) ?? true',
    replacement: 'places?.get(template)?.has(environment) !== null',
    tests: ['test/shapes/verbs.test.ts'],
  },
  {
    name: 'A folder of an app is no cluster because others are beside it',
    file: 'src/ops/layouts/named-apps.ts',
    text: 'some((apps) => apps.length > 0)',
    replacement: 'some((apps) => apps.length >= 0)',
    tests: ['test/ops/layouts/clusters.test.ts'],
  },
  {
    name: 'Beside a folder of its name, no other is a cluster of an environment',
    file: 'src/ops/layouts/cluster-forms.ts',
    text: 'declared.filter((name) => !folders.includes(name))',
    replacement: '[...declared]',
    tests: ['test/ops/layouts/clusters.test.ts'],
  },
];
