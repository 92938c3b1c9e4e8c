import { mapsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { fieldText } from '../reconcilers/object-inputs.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import type { Sides } from './new-in.js';
import { newIn } from './new-in.js';
import type { SideFiles } from './side-files.js';

/** Something by which a program in the cluster moves versions past the repository. */
interface Moving {
  what: string;
  line: number;
}

/** Annotations by which programs move the images of an object by themselves, in the cluster. */
const ANNOTATIONS = /^(keel\.sh\/policy|argocd-image-updater\.argoproj\.io\/image-list)$/;

/**
 * What lets versions move past the repository: annotations and objects by which programs in the cluster set newer images
 * themselves. What they write to git instead comes through the gate as any other change.
 */
export async function movingVersions(sides: Sides): Promise<Problem[]> {
  return (await newIn(sides, movingIn, (one, old) => one.what === old.what)).map(({ path, found: { what, line } }) => {
    const message = `${path}, line ${line}: ${what} moves versions in ${sides.environment} past the repository, where nobody judges them: take it out, or let it write to git, by a pull request.`;
    return { level: 'error', file: path, line, message };
  });
}

async function movingIn(files: SideFiles, path: string): Promise<Moving[]> {
  return (await files.maps(path)).flatMap((map) => [...inAnnotations(map), ...ofUpdater(map)]);
}

function inAnnotations(value: YamlValue): Moving[] {
  if (value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap(inAnnotations);
  }
  const method = textAt(value, 'argocd-image-updater.argoproj.io/write-back-method') ?? '';
  const own = [...value.entries].flatMap(([key, inner]): Moving[] => {
    const isMoving = ANNOTATIONS.test(key) && inner.kind === 'text' && inner.text !== 'never';
    return isMoving && !(key.startsWith('argocd') && method.startsWith('git')) ? [{ what: key, line: inner.line }] : [];
  });
  return [...own, ...[...value.entries.values()].flatMap(inAnnotations)];
}

/** @see https://argocd-image-updater.readthedocs.io/en/stable/configuration/applications/ */
function ofUpdater(map: MapValue): Moving[] {
  if (textAt(map, 'kind') !== 'ImageUpdater') {
    return [];
  }
  const all = [map, ...mapsIn(valueAt(map, ['spec', 'applicationRefs']))];
  const methods = [
    fieldText(map, 'spec', 'writeBackConfig', 'method'),
    ...all.map((each) => fieldText(each, 'writeBackConfig', 'method')),
  ];
  const isInGit = methods.some((method) => method?.startsWith('git'));
  return isInGit ? [] : [{ what: `ImageUpdater ${fieldText(map, 'metadata', 'name') ?? ''}`, line: map.line }];
}
