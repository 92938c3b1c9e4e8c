import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { isScalar, isSeq, visit } from 'yaml';
import { yamlDocument } from '../../config/yaml-documents.js';
import { builtinInputs } from '../../ops/kustomize/build-inputs.js';
import { isManifestPath } from '../../ops/kustomize/manifest-path.js';
import { parseRemote, trimSlashes } from '../../ops/kustomize/remote.js';
import { type Closure, closureOf, escapeProblem, type ReferenceLocation } from '../../ops/render/closure.js';
import { BuildFailure, buildFolder, type Kustomize } from '../../ops/render/run-kustomize.js';
import { workTree } from '../../ops/tree/work-tree.js';
import { type Checkout, locate, named } from '../checkout.js';
import type { GitSource } from '../hld/parts.js';
import { type Inflation, inflateCharts } from './inflate-charts.js';

/** Most kustomizations of other repositories that one takes in: nobody has so many but in a circle. */
const MOST_REMOTES = 200;

/**
 * Builds a kustomization with the machine's own kustomize. What it takes from other places is fetched at what the lock says, charts
 * are rendered, and it is built from a copy in which they are named by where that lies: kustomize itself fetches nothing.
 *
 * @returns the manifest
 * @throws Error with file and line of a reference that leads out of the repository, or cannot be pinned; BuildFailure
 */
export async function renderKustomization(
  kustomize: Kustomize,
  checkout: Checkout,
  folder: string,
  inflation: Inflation,
): Promise<string> {
  const closure = await closureIn(checkout, folder);
  if (closure.remotes.length === 0 && closure.helm.length === 0) {
    return buildFolder(kustomize, checkout.root, folder, true);
  }
  const copies = new Copies(inflation, await inflation.remote.folder());
  const copy = await copies.add(checkout, folder, closure);
  return buildFolder(kustomize, copies.root, copy, true).catch((error: unknown) => {
    throw error instanceof BuildFailure ? new BuildFailure(named(checkout, folder), error.reason) : error;
  });
}

/** All that a kustomization is built from. @throws Error where some of it is not in its repository, or is a link */
async function closureIn(checkout: Checkout, folder: string): Promise<Closure> {
  const closure = await closureOf(workTree(checkout.root), folder);
  const [outside] = closure.escapes;
  if (outside !== undefined) {
    throw new Error(escapeProblem({ ...outside, file: named(checkout, outside.file) }));
  }
  const old = [...closure.files].find(([, text]) => GENERATOR.test(text));
  if (old !== undefined) {
    throw new Error(
      `${named(checkout, old[0])} has a chart in a generator, which kustomize would fetch unpinned. Expected an entry of \`helmCharts\` in the kustomization, with the same keys.`,
    );
  }
  refuseUnpinned(checkout, closure);
  await Promise.all([...closure.files.keys()].map((path) => locate(checkout, path)));
  return closure;
}

/** @throws Error where a generator or a transformer takes something from a server: nothing pins that, and its name would be lost */
function refuseUnpinned(checkout: Checkout, { files, remotes }: Closure): void {
  const inputs = [...files].flatMap(([file, text]) =>
    BUILTIN.test(text) ? builtinInputs(text, file).map((input) => ({ ...input, file })) : [],
  );
  const [first] = [
    ...inputs.filter(({ kind }) => kind === 'remote'),
    ...remotes.filter(({ key }) => /^(configMap|secret)Generator/.test(key)),
  ];
  if (first !== undefined) {
    throw new Error(
      `${named(checkout, first.file)}:${first.line}: a generator or a transformer takes in ${first.path}, which cannot be pinned. Put that file into the repository, and name it there.`,
    );
  }
}

const BUILTIN = /^[ \t]*["']?apiVersion["']?: *["']?builtin\b/m;

/** Older ways to inflate a chart: a list of the kustomization, and a file that it names under `generators`. */
const GENERATOR = /^(helmChartInflationGenerator:|kind: *["']?HelmChartInflationGenerator)/m;

/** Copies of kustomizations, whose charts are rendered, and whose remote references are paths to each other. */
class Copies {
  readonly root: string;
  readonly #inflation: Inflation;
  /** Where a folder of a checkout is copied to, from the root; known before it is there, so that a circle has an end. */
  readonly #places = new Map<string, string>();

  constructor(inflation: Inflation, root: string) {
    this.#inflation = inflation;
    this.root = root;
  }

  /** Copies a kustomization with all it is built from. @returns its folder, from the root */
  async add(checkout: Checkout, folder: string, known?: Closure): Promise<string> {
    const key = `${checkout.root}\0${folder}`;
    const place = this.#places.get(key);
    if (place !== undefined) {
      return place;
    }
    if (this.#places.size >= MOST_REMOTES) {
      throw new Error(`${named(checkout, folder)} takes in more than ${MOST_REMOTES} kustomizations of other places.`);
    }
    const name = `${this.#places.size}`;
    this.#places.set(key, posix.join(name, folder));
    const closure = known ?? (await closureIn(checkout, folder));
    for (const path of closure.files.keys()) {
      await mkdir(dirname(join(this.root, name, path)), { recursive: true });
      await copyFile(join(checkout.root, path), join(this.root, name, path));
    }
    for (const file of new Set([...closure.remotes.map((reference) => reference.file), ...closure.helm])) {
      const references = closure.remotes.filter((reference) => reference.file === file);
      const places = new Map<string, string>();
      for (const reference of references) {
        this.#inflation.remote.part?.(`${named(checkout, file)}: ${reference.path}`);
        places.set(reference.path, await this.#bring(checkout, join(name, dirname(file)), reference));
      }
      const text = closure.files.get(file) ?? '';
      const charts = closure.helm.includes(file) ? await this.#charts(checkout, file, text, name) : undefined;
      await writeFile(join(this.root, name, file), renamed(text, references, places, charts));
    }
    return posix.join(name, folder);
  }

  /** @returns names of the manifests that charts of a kustomization come to, beside its copy */
  async #charts(checkout: Checkout, file: string, text: string, name: string): Promise<string[]> {
    const manifests = await inflateCharts(checkout, file, text, this.#inflation);
    return Promise.all(
      manifests.map(async (manifest, index) => {
        const chart = `ostack-chart-${index}.yaml`;
        await writeFile(join(this.root, name, dirname(file), chart), manifest);
        return chart;
      }),
    );
  }

  /** @returns the path of what a reference leads to, from the folder of the kustomization that has it */
  async #bring(checkout: Checkout, from: string, reference: ReferenceLocation): Promise<string> {
    const { path } = reference;
    if (/^https?:/.test(path) && isManifestPath(withoutQuery(path))) {
      const file = `ostack-remote-${this.#places.size}-${reference.line}.yaml`;
      await writeFile(join(this.root, from, file), await this.#inflation.remote.file(path));
      return file;
    }
    const found = gitSource(path);
    if (found === undefined) {
      throw new Error(
        `${named(checkout, reference.file)}:${reference.line}: ${path} cannot be pinned. Expected a git repository or a file by https://.`,
      );
    }
    const fetched = await this.#inflation.remote.git(found.source);
    return relative(from, await this.add(fetched, found.folder)) || '.';
  }
}

/**
 * The repository of a remote reference, and the folder in it; without a scheme it is https. Where a repository ends, `//`, `.git` or
 * `_git/` says, as kustomize reads it; else it is two names.
 *
 * @returns `undefined` where it is reached in another way, or is none
 */
export function gitSource(text: string): { source: GitSource; folder: string } | undefined {
  const remote = parseRemote(text);
  const address = withoutQuery(text).replace(/^git::/, '');
  const [, scheme = 'https', host, rest = ''] = /^(?:(https?):\/\/)?([^/@]+)\/(.*)$/.exec(address) ?? [];
  const [, repository = '', folder = ''] =
    [/^(.+?)\.git(?:\/(.*))?$/, /^(.*?_git\/[^/]+)(?:\/(.*))?$/, /^([^/]+\/[^/]+)(?:\/(.*))?$/].reduce(
      (found: readonly string[] | null, way) => found ?? way.exec(rest),
      atDouble(rest),
    ) ?? [];
  if (remote === undefined || host === undefined || repository === '' || /^(ssh|git):|@/.test(address)) {
    return undefined;
  }
  const { ref } = remote;
  const isCommit = ref !== undefined && /^[0-9a-f]{40}$/.test(ref);
  const source = {
    url: `${scheme}://${host}/${repository.replace(/\.git$/, '')}`,
    branch: isCommit ? undefined : ref,
    commit: isCommit ? ref : undefined,
  };
  return { source, folder: trimSlashes(folder) };
}

/** What is before and after `//`, as a regular expression would say it. */
function atDouble(text: string): readonly string[] | null {
  const end = text.indexOf('//', 1);
  return end < 0 ? null : [text, text.slice(0, end), text.slice(end + 2)];
}

function withoutQuery(address: string): string {
  return address.split('?', 1)[0] ?? '';
}

/** A kustomization whose references lead elsewhere, and with manifests in place of its charts. @param charts `undefined` where it has none */
function renamed(
  text: string,
  references: readonly ReferenceLocation[],
  places: ReadonlyMap<string, string>,
  charts: readonly string[] | undefined,
): string {
  const keys = new Set(references.map(({ key }) => key.split('.')[0]));
  const { document } = yamlDocument(text);
  visit(document, {
    Scalar(_key, node, path) {
      const top = path.find((each) => typeof each === 'object' && 'key' in each);
      const name = top !== undefined && 'key' in top && isScalar(top.key) ? String(top.key.value) : '';
      const place = keys.has(name) ? places.get(String(node.value)) : undefined;
      if (place !== undefined) {
        node.value = place;
      }
    },
  });
  if (charts !== undefined) {
    document.delete('helmCharts');
    document.delete('helmGlobals');
    const resources = document.get('resources');
    const listed = isSeq(resources) ? resources : document.createNode([]);
    for (const chart of charts) {
      listed.add(document.createNode(chart));
    }
    document.set('resources', listed);
  }
  return document.toString();
}
