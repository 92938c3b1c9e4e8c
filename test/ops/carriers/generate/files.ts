import { type Choices, choices } from '../../yaml/generate/choices.js';
import { mapText, type Part, patternOf, textOf } from '../../yaml/generate/parts.js';
import {
  bare,
  type Entry,
  type ListTree,
  list,
  type MapTree,
  map,
  nested,
  type Text,
  type Tree,
  text,
} from '../../yaml/generate/tree.js';
import { document } from '../../yaml/generate/write.js';
import {
  argument,
  chartEntry,
  chartSpec,
  container,
  helmfileEntry,
  helmImage,
  imagesEntry,
  ociSpec,
  operation,
  resource,
  transformer,
  variable,
} from './carriers.js';
import { type World, worldOf } from './world.js';

/** A file of an overlay, with everything that setting the version of one app may do to it. */
export interface Generated {
  world: World;
  text: string;
  /** What each document is to say afterwards. */
  documents: (MapTree | ListTree)[];
  /** What the file may look like afterwards. */
  pattern: RegExp;
}

/** Any file that carries versions, in any style. */
export const files = choices.map(generate);

function generate(row: Choices): Generated {
  const world = worldOf(row);
  const documents = [...row.many(1, 3, () => anyDocument(world, row))];
  let parts = documents.flatMap((tree, index) => [separator(index, row), ...document(tree, row)]);
  if (row.once(6)) {
    parts = withoutBreak(parts);
  }
  if (row.once(4)) {
    parts = mapText(parts, (content) => content.replaceAll('\n', '\r\n'));
  }
  parts = row.once(8) ? ['\uFEFF', ...parts] : parts;
  return { world, text: textOf(parts), documents, pattern: patternOf(parts) };
}

function separator(index: number, row: Choices): string {
  if (index === 0) {
    return row.of('', '---\n', '# an overlay\n\n', '%YAML 1.2\n---\n', '--- # first\n');
  }
  return row.of('---\n', '--- # next\n', '...\n---\n');
}

function withoutBreak(parts: readonly Part[]): Part[] {
  const last = parts.at(-1);
  return typeof last === 'string' ? [...parts.slice(0, -1), last.replace(/\n$/, '')] : [...parts];
}

function anyDocument(world: World, row: Choices): MapTree | ListTree {
  const make = row.of<(world: World, row: Choices) => MapTree | ListTree>(
    kustomization,
    manifest,
    helmRelease,
    values,
    configMap,
    jsonPatch,
    anyTransformer,
    ociRepository,
    application,
    wrapperChart,
    helmfile,
  );
  const tree = make(world, row);
  return tree.kind === 'list' ? tree : map(row.shuffle([...tree.entries, ...noise(row)]));
}

function kustomization(world: World, row: Choices): MapTree {
  return map({
    kind: text('Kustomization'),
    resources: list(...row.many(0, 3, () => resource(world, row))),
    images: list(...row.many(1, 4, () => imagesEntry(world, row))),
    ...(row.once(3)
      ? {
          helmCharts: list(
            ...row.many(1, 2, () => chartEntry(world, row, { name: 'name', version: 'version', repository: 'repo' })),
          ),
        }
      : {}),
    ...(row.once(3) ? { patches: list(...row.many(1, 2, () => map({ patch: nested(inlinePatch(world, row)) }))) } : {}),
  });
}

function inlinePatch(world: World, row: Choices): MapTree | ListTree {
  return row.once(2) ? jsonPatch(world, row) : manifest(world, row);
}

function manifest(world: World, row: Choices): MapTree {
  const pod = map({
    ...(row.once(3) ? { initContainers: list(container(world, row)) } : {}),
    containers: list(...row.many(1, 3, () => container(world, row))),
    ...(row.once(3) ? { debug: map({ env: list(...row.many(1, 2, () => variable(world, row))) }) } : {}),
    ...(row.once(3) ? { job: map({ args: list(...row.many(1, 3, () => argument(world, row))) }) } : {}),
  });
  return map({ kind: text('Deployment'), spec: map({ replicas: bare('3'), template: map({ spec: pod }) }) });
}

function helmRelease(world: World, row: Choices): MapTree {
  const entry = imagesEntry(world, row);
  // Where a renderer has the version already, what it overrides stays as it is: here it always has another one.
  const isRendered = world.oldTag !== world.image.tag && row.once(3);
  const isOverridden =
    isRendered && entry.entries.some(({ key, value }) => key === 'name' && isText(value, world.spelled));
  const own = values(world, row);
  return map({
    kind: text('HelmRelease'),
    spec: map({
      ...(row.once(2) ? { chart: map({ spec: chartSpec(world, row) }) } : {}),
      values: isOverridden ? withoutNew(own) : own,
      ...(isRendered ? { postRenderers: list(map({ kustomize: map({ images: list(entry) }) })) } : {}),
    }),
  });
}

/** Values as a renderer leaves them: where they have no version, none is written, for nobody would read it. */
function withoutNew(tree: MapTree): MapTree {
  const isNone = tree.entries.every(({ key }) => key !== 'digest');
  return map(
    tree.entries.map((entry): Entry => {
      const { key, value } = entry;
      if (value.kind === 'map') {
        return { ...entry, value: withoutNew(value) };
      }
      return key === 'tag' && isNone && isText(value, 'null') && value.bare === true
        ? { ...entry, value: bare('null') }
        : entry;
    }),
  );
}

function isText(tree: Tree, value: string): tree is Text {
  return tree.kind === 'text' && tree.value === value;
}

function values(world: World, row: Choices): MapTree {
  return map({
    image: helmImage(world, row),
    ...(row.once(2) ? { worker: map({ image: helmImage(world, row), args: list(text('--tag'), text('1.3.0')) }) } : {}),
  });
}

function configMap(world: World, row: Choices): MapTree {
  const script = text('#!/bin/sh\n\necho "image: ghcr.io/acme/my-app:1.3.0"\n');
  return map({ kind: text('ConfigMap'), data: map({ 'values.yaml': nested(values(world, row)), 'run.sh': script }) });
}

function jsonPatch(world: World, row: Choices): ListTree {
  return list(...row.many(1, 3, () => operation(world, row)));
}

function ociRepository(world: World, row: Choices): MapTree {
  return map({ kind: text('OCIRepository'), metadata: map({ name: text('podinfo') }), spec: ociSpec(world, row) });
}

function application(world: World, row: Choices): MapTree {
  const keys = { name: 'chart', version: 'targetRevision', repository: 'repoURL' };
  const sources = row.many(1, 2, () => chartEntry(world, row, keys));
  const [first] = sources;
  const spec = row.once(2) || first === undefined ? map({ sources: list(...sources) }) : map({ source: first });
  return map({ kind: text('Application'), spec });
}

function wrapperChart(world: World, row: Choices): MapTree {
  const keys = { name: 'name', version: 'version', repository: 'repository' };
  return map({
    apiVersion: text('v2'),
    version: text('6.5.0'),
    dependencies: list(...row.many(1, 2, () => chartEntry(world, row, keys))),
  });
}

function helmfile(world: World, row: Choices): MapTree {
  return map({ releases: list(...row.many(1, 3, () => helmfileEntry(world, row))) });
}

/** Keys that have nothing to do with versions. */
function noise(row: Choices): Entry[] {
  const all: Record<string, Tree> = {
    namespace: text(row.of('growth', 'yes', '1.3.0')),
    labels: map({ 'app.kubernetes.io/name': text('my-app'), version: text('1.3.0') }),
    nothing: { kind: 'text', value: '', empty: true },
    'odd key: #1': list(text('a'), bare('1.30'), list(text('b c'), text('')), map({ x: bare('~') })),
    description: text('two\n\n  lines: of #text\n'),
    empty: row.of<Tree>(list(), map({})),
  };
  return Object.entries(all).flatMap(([key, value]) => (row.once(4) ? [{ key, value }] : []));
}

function anyTransformer(world: World, row: Choices): MapTree {
  const tree = transformer(world, row);
  return tree.kind === 'map' ? tree : map({});
}
