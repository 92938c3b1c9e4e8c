import { buildInputs } from '../kustomize/build-inputs.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { parseRemote } from '../kustomize/remote.js';
import { filledIn, parametersOf } from '../reconcilers/argocd/generators.js';
import { mapsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { fieldText } from '../reconcilers/object-inputs.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../yaml/values.js';
import type { Assignment } from './assign-paths.js';
import { isExact, isExactRevision } from './exact-version.js';
import { fileVersions } from './file-versions.js';
import type { SideFiles } from './side-files.js';
import { freshFiles } from './unowned-versions.js';

/** Something from outside of the repository that may become another thing by itself. */
interface Loose {
  line: number | undefined;
  /** What it is, for people and to tell it from others: `https://github.com/acme/base//deploy`. */
  what: string;
  /** The field that is to say it exactly. */
  field: string;
  /** Whether it is this repository, at something that nobody judges. */
  isOwn?: boolean;
  /** Whether it makes previews of pull requests. */
  isPreview?: boolean;
}

/**
 * What an environment comes to take in from elsewhere at no exact version: nobody judges what that becomes. What was there
 * before is left alone.
 *
 * @param own the repository itself
 */
export async function unpinnedProblems(
  { reach, before, after }: Pick<Assignment, 'reach' | 'before' | 'after'>,
  changed: ReadonlySet<string>,
  environment: string,
  own: OwnRepository,
): Promise<Problem[]> {
  const reached = reach.get(environment);
  const paths = reached === undefined ? [] : freshFiles(reached, changed);
  const found = await Promise.all(
    paths.map(async (path): Promise<Problem[]> => {
      const old = reached?.before.files.has(path) === true ? await looseIn(before, path, own) : [];
      const known = new Set(old.map(({ what }) => what));
      const isLed = reached?.after.unled?.has(path) !== true;
      // Previews of pull requests are nobody's cluster: where they are deployed is asked apart.
      const loose = (await looseIn(after, path, own)).filter(
        ({ what, isPreview = false }) => !known.has(what) && (isLed || !isPreview),
      );
      return loose.map(({ what, field, line, isOwn = false }) => ({
        ...{ level: 'error', file: path, line },
        message: isOwn
          ? `${environment} comes to take in ${what}, which anybody with write access makes and nobody judges: set ${field} to ${own.branches.join(' or ')}.`
          : `${environment} comes to take in ${what} at no exact version, so that it may change without anybody's judgement: set ${field} to a version or a commit.`,
      }));
    }),
  );
  return found.flat();
}

/** This repository: what it is called, and which branches of it are judged, or guarded by the policy. */
export interface OwnRepository {
  /** `owner/name`. */
  repository: string;
  /** The default branch first. */
  branches: readonly string[];
}

function isOf({ repository }: OwnRepository, address: string): boolean {
  return parseRemote(address)?.repository.toLowerCase() === repository.toLowerCase();
}

/** This repository at another branch, or at a tag or a commit: who may write makes those without anybody's judgement. */
function looseOwn(
  { branches }: OwnRepository,
  { line }: MapValue,
  address: string,
  revision: string,
  field: string,
): Loose[] {
  const isJudged = revision === 'HEAD' || branches.includes(revision.replace(/^refs\/heads\//, ''));
  return isJudged ? [] : [{ line, what: `${address} at ${revision}`, field, isOwn: true }];
}

/** What Flux Operator syncs a cluster with. @see https://fluxcd.control-plane.io/operator/fluxinstance/#sync-configuration */
function looseSync(object: MapValue, own: OwnRepository): Loose[] {
  const at = (key: string) => fieldText(object, 'spec', 'sync', key);
  const [address, ref] = [at('url'), at('ref') ?? ''];
  if (address === undefined) {
    return [];
  }
  if (isOf(own, address)) {
    return looseOwn(own, object, address, ref, 'spec.sync.ref');
  }
  return isExactRevision(ref) ? [] : [{ line: object.line, what: address, field: 'spec.sync.ref' }];
}

/** Whether a generator fills a text in. A text between the braces is no parameter. */
function isFilledIn(text: string): boolean {
  const actions = text.split('{{').slice(1);
  return actions.length > 0 && !actions.some((action) => /["'`]/.test(action.split('}}', 1)[0] ?? ''));
}

async function looseIn(files: SideFiles, path: string, own: OwnRepository): Promise<Loose[]> {
  const text = await files.text(path);
  if (text === undefined) {
    return [];
  }
  const [maps, { following }] = await Promise.all([files.objects(path), fileVersions(files, path)]);
  const charts = following.map(({ name, range }) => ({
    line: undefined,
    what: `chart ${name} ${range}`,
    field: 'its version',
  }));
  return [
    ...(isKustomization(path) ? looseRemotes(text, path) : []),
    ...charts,
    ...maps.flatMap((object) => looseSources(object, own)),
  ];
}

function looseRemotes(text: string, path: string): Loose[] {
  try {
    return buildInputs(text, path)
      .filter(({ kind, path: address }) => kind === 'remote' && !isExactAddress(address))
      .map(({ path: address, line }) => ({ line, what: address, field: '"?ref="' }));
  } catch {
    return []; // A broken file is a problem of its own.
  }
}

function isExactAddress(address: string): boolean {
  const ref = parseRemote(address)?.ref;
  return isExactRevision(ref) || (ref === undefined && isExactRevision(versionOfFile(address)));
}

/** On GitHub a file is of a release, or of a commit or tag, by where that stands: a folder of a branch may be called like one. */
const OF_GITHUB = [
  /^https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/download\/([^/]+)\/[^/]+$/,
  /^https:\/\/github\.com\/[^/]+\/[^/]+\/raw\/(?:refs\/tags\/)?([^/]+)\//,
  /^https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(?:refs\/tags\/)?([^/]+)\//,
];

/** The version that the address of one file names: https://github.com/acme/base/releases/download/v1.2.3/install.yaml. */
function versionOfFile(address: string): string | undefined {
  if (/^(?:git::)?(?:\w+:\/\/)?(?:[^@/]+@)?(?:raw\.)?github(?:usercontent)?\.com\b/i.test(address)) {
    return OF_GITHUB.map((pattern) => pattern.exec(address)?.[1]).find((version) => version !== undefined);
  }
  const isFile = /^https?:\/\/[^?#]*\.(?:ya?ml|json)$/.test(address);
  return isFile && !address.includes('//', 8) ? address.split('/').find(isExact) : undefined;
}

function looseSources(object: MapValue, own: OwnRepository): Loose[] {
  const address = fieldText(object, 'spec', 'url') ?? '';
  const ref = (key: string) => fieldText(object, 'spec', 'ref', key);
  switch (textAt(object, 'kind')) {
    case 'GitRepository': {
      // Of several, Flux takes a commit first, then a name, then a range.
      const isTagged = ref('name') === undefined ? isExact(ref('tag')) : isExactRevision(ref('name'));
      const isRange = ref('name') === undefined && ref('semver') !== undefined;
      const isPinned = isExact(ref('commit')) || (isTagged && !isRange);
      if (isOf(own, address)) {
        const written = ['commit', 'name', 'semver', 'tag', 'branch'].map(ref).find((each) => each !== undefined);
        return looseOwn(own, object, address, written ?? 'master', 'spec.ref.branch');
      }
      return isPinned ? [] : [{ line: object.line, what: address, field: 'spec.ref.commit or spec.ref.tag' }];
    }
    case 'OCIRepository':
      return ref('digest') !== undefined || (isExact(ref('tag')) && ref('semver') === undefined)
        ? []
        : [{ line: object.line, what: address, field: 'spec.ref.digest or spec.ref.tag' }];
    case 'Bucket':
      return [
        {
          line: object.line,
          what: `the bucket ${fieldText(object, 'spec', 'bucketName') ?? ''}`,
          field: 'a GitRepository',
        },
      ];
    case 'FluxInstance':
      return looseSync(object, own);
    case 'ResourceSetInputProvider':
      return fieldText(object, 'spec', 'type') === 'Static' ? [] : [askedInputs(object)];
    case 'Kustomization':
      return artifactsOf(object, ['spec', 'sourceRef']);
    case 'HelmRelease':
      return [
        ...artifactsOf(object, ['spec', 'chartRef']),
        ...artifactsOf(object, ['spec', 'chart', 'spec', 'sourceRef']),
      ];
    case 'Application':
      return sourcesOf(object, ['spec']).flatMap((source) => looseSource(source, own));
    case 'ApplicationSet':
      return [
        ...askingGenerators(valueAt(object, ['spec', 'generators']), own),
        ...sourcesOf(object, ['spec', 'template', 'spec']).flatMap((source) => looseGenerated(source, object, own)),
      ];
    default:
      return [];
  }
}

function askedInputs(object: MapValue): Loose {
  const what = `whatever ${fieldText(object, 'spec', 'type') ?? 'its provider'} of ${fieldText(object, 'spec', 'url') ?? ''} has`;
  return { line: object.line, what, field: 'spec.type to Static, and what it gives,' };
}

/** What other objects compose on the cluster. */
function artifactsOf(object: MapValue, path: readonly string[]): Loose[] {
  const isComposed = fieldText(object, ...path, 'kind') === 'ExternalArtifact';
  const what = `the artifact ${fieldText(object, ...path, 'name') ?? ''}`;
  return isComposed ? [{ line: object.line, what, field: `${path.join('.')} to a GitRepository, and that` }] : [];
}

/** Generators of an ApplicationSet that ask somebody else for what is deployed, however deep they are in a matrix. */
function askingGenerators(value: YamlValue | undefined, own: OwnRepository): Loose[] {
  if (value === undefined || value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap((item) => askingGenerators(item, own));
  }
  const asking = ASKING.flatMap((key): Loose[] =>
    value.entries.has(key)
      ? [
          {
            ...{ line: value.line, what: `whatever the generator ${key} finds`, isPreview: key === 'pullRequest' },
            field: 'the generator to a list, and each',
          },
        ]
      : [],
  );
  const git = mapAt(value, 'git');
  const inner = ['matrix', 'merge'].map((key) => mapAt(value, key)?.entries.get('generators'));
  return [
    ...asking,
    ...(git === undefined ? [] : looseGit(git, own)),
    ...inner.flatMap((each) => askingGenerators(each, own)),
  ];
}

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/ */
const ASKING = ['pullRequest', 'scmProvider', 'plugin', 'clusterDecisionResource'];

function looseGit(git: MapValue, own: OwnRepository): Loose[] {
  const address = textAt(git, 'repoURL') ?? '';
  if (isOf(own, address)) {
    return looseOwn(own, git, address, textAt(git, 'revision') ?? 'HEAD', 'revision');
  }
  return isFilledIn(address) || isExactRevision(textAt(git, 'revision'))
    ? []
    : [{ line: git.line, what: `what a generator reads in ${address}`, field: 'revision' }];
}

function sourcesOf(object: MapValue, spec: readonly string[]): MapValue[] {
  const single = valueAt(object, [...spec, 'source']);
  return [...(single?.kind === 'map' ? [single] : []), ...mapsIn(valueAt(object, [...spec, 'sources']))];
}

/** A source of a template, with all that generators fill into it as far as the object says that. */
function looseGenerated(source: MapValue, set: MapValue, own: OwnRepository): Loose[] {
  const all = parametersOf(valueAt(set, ['spec', 'generators']));
  return all.flatMap((parameters) => {
    const entries = [...source.entries].map(([key, value]): [string, YamlValue] => [
      key,
      value.kind === 'text' ? { ...value, text: filledIn(value.text, parameters) } : value,
    ]);
    return looseSource({ ...source, entries: new Map(entries) }, own);
  });
}

function looseSource(source: MapValue, own: OwnRepository): Loose[] {
  const address = textAt(source, 'repoURL') ?? '';
  const revision = textAt(source, 'targetRevision');
  // What a generator fills in is judged where it stands.
  const isFilled = revision !== undefined && isFilledIn(revision);
  if (isOf(own, address)) {
    return isFilled ? [] : looseOwn(own, source, address, revision ?? 'HEAD', 'targetRevision');
  }
  const what = textAt(source, 'chart') === undefined ? address : `chart ${textAt(source, 'chart')} of ${address}`;
  const isPinned = textAt(source, 'chart') === undefined ? isExactRevision(revision) : isExact(revision);
  return isFilled || isPinned ? [] : [{ line: source.line, what, field: 'targetRevision' }];
}
