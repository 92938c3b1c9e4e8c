import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Root } from '../../judgement/roots.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { overlayOfPath } from '../../overlays/overlay-path.js';
import { reconcilerProblems } from '../../reconcilers/problems.js';
import type { ChangeGroup } from '../../render/change-groups.js';
import { findHelm } from '../../render/run-helm.js';
import { findKustomize, NO_KUSTOMIZE } from '../../render/run-kustomize.js';
import type { Problem } from '../../tree/problem.js';
import { InvalidYaml } from '../../yaml/parse.js';
import { fileProblems } from './changed-files.js';
import type { Comparison } from './comparison.js';
import { copiedPatchProblems } from './copied-patches.js';
import type { Inspection } from './inspect.js';
import { previewProblems } from './previews.js';
import { sortProblems } from './problems.js';
import { referenceProblems } from './references.js';
import { renderCharts } from './render-charts.js';
import { type RenderedRoot, renderRoots } from './render-roots.js';
import { unplacedProblems } from './unplaced-versions.js';
import { unreadInPreviews } from './unread-in-previews.js';
import { unreferencedProblems } from './unreferenced.js';
import { untiedProblems } from './untied-versions.js';

/** The result of checking files. */
export interface FileCheck {
  problems: Problem[];
  /** `undefined` where neither kustomize nor kubectl is on this machine. */
  rendered: RenderedRoot[] | undefined;
  /** What of the change was not rendered and why, sentences. */
  notRendered: string[];
  /** The apps that are known of the environments that the change alters. */
  known: KnownApps[];
}

/** The apps of an environment. */
export interface KnownApps {
  environment: string;
  apps: string[];
}

/**
 * Checks all files that a change concerns, and builds every folder that it can alter, before and after.
 *
 * @param scratch an empty folder
 */
export async function checkFiles(
  comparison: Comparison,
  inspection: Inspection & { problems: Problem[] },
  scratch: string,
): Promise<FileCheck> {
  const { roots, layout } = inspection;
  const known = await knownApps(comparison, inspection);
  const fromFiles = await Promise.all([
    fileProblems(comparison),
    copiedPatchProblems(comparison, layout),
    unreferencedProblems(comparison, layout, roots),
    unplacedProblems(inspection),
    previewProblems(comparison),
    unreadInPreviews(comparison, layout, roots),
    reconcilerProblems(comparison, patchesOf(roots)),
  ]);
  const references = referenceProblems(roots, layout, comparison.changed);
  const fromText = [...inspection.problems, ...fromFiles.flat(), ...references];
  const kustomize = await findKustomize();
  if (kustomize === undefined) {
    const missing: Problem = {
      level: 'error',
      file: '',
      line: undefined,
      message: `Nothing was built: ${NO_KUSTOMIZE}.`,
    };
    return { problems: sortProblems([...fromText, missing]), rendered: undefined, notRendered: [], known };
  }
  // A folder with a reference to nothing does not build, and the message about the reference says more.
  const intact = roots.filter(({ after }) => after === undefined || after.missing.length + after.escapes.length === 0);
  await mkdir(join(scratch, 'remotes'));
  const { rendered, problems } = await renderRoots(kustomize, comparison, layout, intact, join(scratch, 'remotes'));
  const untied = rendered.flatMap(({ root, versions = [] }) => untiedProblems(root, versions, inspection.held, layout));
  const charts = await renderCharts(findHelm, comparison, layout, inspection.held);
  return {
    problems: sortProblems([...fromText, ...problems, ...untied]),
    rendered: [...rendered, ...charts.groups.map(chartRoot)],
    notRendered: [...notRendered(comparison, inspection, rendered, charts.files), ...charts.notRendered],
    known,
  };
}

async function knownApps({ head }: Comparison, { touched, environments, layout }: Inspection): Promise<KnownApps[]> {
  const names = environments.filter((name) => touched.has(name));
  return Promise.all(
    names.map(async (environment) => {
      try {
        return { environment, apps: await environmentApps(head.tree, layout, environment) };
      } catch (error) {
        if (error instanceof InvalidYaml) {
          return { environment, apps: [] };
        }
        throw error;
      }
    }),
  );
}

/** What a chart comes to, beside the folders that kustomize builds. */
function chartRoot(group: ChangeGroup): RenderedRoot {
  return { root: { folder: '', overlay: undefined, before: undefined, after: undefined }, groups: [group] };
}

/** What the change alters and nobody has built: folders that do not build, and files that no kustomization takes in. */
function notRendered(
  { changed }: Comparison,
  { roots, layout }: Inspection,
  rendered: readonly RenderedRoot[],
  templated: ReadonlySet<string>,
): string[] {
  const built = new Set(rendered.map(({ root }) => root));
  const broken = roots.flatMap((root) => {
    const [mention] = [...(root.after?.missing ?? []), ...(root.after?.escapes ?? [])];
    return built.has(root) || mention === undefined
      ? []
      : [`${root.folder}: ${mention.file}:${mention.line} refers to "${mention.path}", which cannot be built.`];
  });
  const reached = new Set(
    roots.flatMap(({ before, after }) => [before, after].flatMap((closure) => [...(closure?.files.keys() ?? [])])),
  );
  const files = [...changed].filter(
    (path) => overlayOfPath(layout, path) !== undefined && !reached.has(path) && !templated.has(path),
  );
  return [
    ...broken,
    ...rendered.flatMap(({ notBuilt }) => notBuilt ?? []),
    ...files.map(
      (path) => `${path}: no kustomization takes it in, so what a chart or a cluster makes of it is not shown.`,
    ),
  ];
}

/** Paths of all patches that the affected folders refer to. */
function patchesOf(roots: readonly Root[]): Set<string> {
  const links = roots.flatMap(({ after }) => after?.links ?? []);
  return new Set(links.filter(({ key }) => key.startsWith('patches')).map(({ target }) => target));
}
