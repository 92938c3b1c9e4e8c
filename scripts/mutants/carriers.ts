import type { Mutation } from './mutation.js';

const FAMILIES = ['test/ops/carriers/families.test.ts'];
const REFUSED = ['test/ops/carriers/refusals.test.ts'];
const LONE = ['test/ops/carriers/lone-tag.test.ts'];
const PRECEDENCE = ['test/ops/carriers/precedence.test.ts'];
const DEPLOYING = ['test/ops/overlays/deploying-objects.test.ts', 'test/ops/overlays/untouchable-objects.test.ts'];
const BUILDS_ON = ['test/ops/overlays/builds-on.test.ts'];
const CARRIERS = ['test/ops/overlays/carriers.test.ts'];

/** Where a version is set, and where it is not. */
export const CARRIER_RULES: readonly Mutation[] = [
  {
    name: 'A variant of an image stays when the plain one moves',
    file: 'src/ops/carriers/families.ts',
    text: 'deciding.filter((carrier) => !meant.includes(carrier))',
    replacement: '[]',
    tests: FAMILIES,
  },
  {
    name: 'A value that Flux writes is left to it',
    file: 'src/ops/carriers/set-version.ts',
    text: 'fluxWriter(file, line) ?? []',
    replacement: '[]',
    tests: REFUSED,
  },
  {
    name: 'A version is not set beside an override of Argo CD',
    file: 'src/ops/carriers/overwritten.ts',
    text: 'argocdOverride(files, open) ??',
    replacement: '',
    tests: REFUSED,
  },
  {
    name: 'A tag below the name of something else is not the image’s',
    file: 'src/ops/carriers/lone-tag.ts',
    text: "relations.includes('other')",
    replacement: 'false',
    tests: LONE,
  },
  {
    name: 'A file of one word beside a kustomization is no tag',
    file: 'src/ops/carriers/lone-tag.ts',
    text: 'file.isBare === true && node.isWhole === true',
    replacement: 'node.isWhole === true',
    tests: LONE,
  },
  {
    name: 'A path of the policy that matches nothing is an error',
    file: 'src/ops/carriers/named-value.ts',
    text: 'only === undefined && value.optional',
    replacement: 'only === undefined',
    tests: CARRIERS,
  },
  {
    name: 'Later values come over earlier ones',
    file: 'src/ops/carriers/overridden-value.ts',
    text: 'stack.slice(own + 1)',
    replacement: 'stack.slice(0, own)',
    tests: PRECEDENCE,
  },
  {
    name: 'Of values that cannot be read, none is passed over',
    file: 'src/ops/carriers/overridden-value.ts',
    text: 'read.find(({ said }) => said === undefined)?.value',
    replacement: 'undefined',
    tests: PRECEDENCE,
  },
  {
    name: 'The images of an object come over those of the folder that it deploys',
    file: 'src/ops/carriers/overridden-image.ts',
    text: 'isDeployed(over.deploys, carrier.file) && (over.from',
    replacement: 'false && (over.from',
    tests: PRECEDENCE,
  },
  {
    name: 'What is overridden is no newer version',
    file: 'src/ops/carriers/never-backwards.ts',
    text: 'overriddenBy === undefined &&',
    replacement: '',
    tests: PRECEDENCE,
  },
  {
    name: 'Another object’s version of the same image stays',
    file: 'src/ops/carriers/other-objects.ts',
    text: 'versions.size < 2',
    replacement: 'versions.size >= 0',
    tests: FAMILIES,
  },
  {
    name: 'What an ApplicationSet says for several environments is not set for one',
    file: 'src/ops/overlays/deploying-objects.ts',
    text: 'isSet ? OF_A_SET : named.find',
    replacement: 'named.find',
    tests: DEPLOYING,
  },
  {
    name: 'What is deployed of a tag is not changed on a branch',
    file: 'src/ops/overlays/deploying-objects.ts',
    text: 'revision.isPinned ||',
    replacement: '',
    tests: DEPLOYING,
  },
  {
    name: 'An environment does not change with another one unsaid',
    file: 'src/ops/overlays/builds-on.ts',
    text: '!says(files, target)',
    replacement: 'false',
    tests: BUILDS_ON,
  },
  {
    name: 'Values of a HelmRelease come over files of the repository that its chart is in',
    file: 'src/ops/carriers/value-stack.ts',
    text: '    ...fileLayers(place.files, releaseValuesFiles(place.object)),\n',
    replacement: '',
    tests: ['test/ops/carriers/precedence.test.ts'],
  },
  {
    name: 'A file of values that other environments may take is not set for one',
    file: 'src/ops/overlays/release-values.ts',
    text: 'isOfEnvironment(file.path, environment) ?',
    replacement: 'environment.length > 0 ?',
    tests: ['test/ops/overlays/deploying-objects.test.ts'],
  },
  {
    name: 'A promotion says which value nobody can read, and not to write an entry of images',
    file: 'src/ops/restore/refuse-promotion.ts',
    text: 'if (unread !== undefined) {',
    replacement: 'if (unread === undefined && files.length < 0) {',
    tests: ['test/ops/overlays/untouchable-objects.test.ts'],
  },
  {
    name: 'Images that an object sets count over manifests that are overlays of an app each',
    file: 'src/ops/overlays/deploying-objects.ts',
    text: 'files.some(({ path, text }) => path === folder && isManifest(text))',
    replacement: 'files.some(({ path, text }) => path !== folder && isManifest(text))',
    tests: ['test/ops/restore/unusual-places.test.ts'],
  },
  {
    name: 'The name of several images is that of none',
    file: 'src/ops/carriers/kinds/kustomize-image.ts',
    text: 'return name && !isPattern(name) ? [',
    replacement: 'return name && isPattern !== undefined ? [',
    tests: ['test/ops/restore/unusual-places.test.ts'],
  },
  {
    name: 'No name of images takes long to compare',
    file: 'src/ops/kustomize/image-pattern.ts',
    text: 'if (!isPlain || isOdd) {',
    replacement: 'if (!isPlain || (isOdd && name.length < 0)) {',
    tests: ['test/ops/kustomize/image-pattern.test.ts'],
  },
  {
    name: 'What a helmfile says of a version comes over the values of an environment',
    file: 'src/ops/carriers/helmfile.ts',
    text: 'reason === undefined ? carrier :',
    replacement: 'reason !== undefined ? carrier :',
    tests: ['test/shapes/helmfile-literals.test.ts'],
  },
];
