import { PreviewProblem } from '../../../judgement/preview-problem.js';
import type { LayerNode } from '../../../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { AppObject } from './adaptation.js';

/**
 * Finds the objects that would meet in the one namespace of a preview: of one group, kind and name. kustomize builds nothing
 * where two do. Of objects that are the same in every field, the first stays.
 *
 * @param objects of all apps, in their order, without those that are left out already
 * @returns those that stay out because the same object is there, with the app that has it
 * @throws PreviewProblem that names both where two of them differ, and what to do
 */
export function collisionsIn(objects: readonly AppObject[]): Map<LayerObject, string> {
  const first = new Map<string, AppObject>();
  const same = new Map<LayerObject, string>();
  for (const each of objects) {
    const { group, kind } = each.object;
    const key = [group, kind, currentId(each.object).name].join('\0');
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, each);
    } else if (before.app !== each.app && isSame(before.object, each.object)) {
      same.set(each.object, before.app);
    } else {
      throw new PreviewProblem(meeting(before, each));
    }
  }
  return same;
}

function meeting(before: AppObject, each: AppObject): string {
  const { kind, file } = each.object;
  const name = currentId(each.object).name;
  if (before.app === each.app) {
    return (
      `${each.app} has two objects ${kind} ${name} in different namespaces, and a preview has one namespace: ` +
      `${before.object.file} and ${file}. Leave one of them out in bases/${each.app}/preview.`
    );
  }
  return (
    `${before.app} and ${each.app} both have ${kind} ${name}, and a preview has one namespace for all its apps: ` +
    `${before.object.file} and ${file}. Rename one of them, for example with namePrefix in bases/${each.app}/preview, or leave ` +
    'an app out with previews.apps in ostack.yaml.'
  );
}

function isSame(one: LayerObject, other: LayerObject): boolean {
  // What a kustomization generates has no content here, so only its own file tells it from another.
  return one.file === other.file && plain(one.root) === plain(other.root);
}

function plain(node: LayerNode): string {
  switch (node.kind) {
    case 'text':
      return JSON.stringify(node.text);
    case 'list':
      return `[${node.items.map(plain).join(',')}]`;
    case 'map':
      return `{${[...node.entries].map(([key, value]) => `${JSON.stringify(key)}:${plain(value)}`).join(',')}}`;
  }
}
