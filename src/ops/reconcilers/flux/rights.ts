import { layerItems, layerText } from '../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../kustomize/layers/layer-object.js';
import type { MapValue } from '../../yaml/values.js';
import { textsIn } from '../deployed-folder.js';

/** What a rule of RBAC lets do. */
interface Rights {
  groups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

/** Whether a rule lets do all of that. */
export function lets(rule: MapValue, { groups, resources, verbs }: Rights): boolean {
  const has = (key: string, wanted: readonly string[]) => {
    const field = rule.entries.get(key);
    // The core group is an empty text.
    const known = key === 'apiGroups' && field?.kind === 'list' ? field.items.map(textOf) : textsIn(field);
    return wanted.every((each) => known.includes('*') || known.includes(each));
  };
  const isNamed = rule.entries.has('resourceNames');
  return !isNamed && has('apiGroups', groups) && has('resources', resources) && has('verbs', verbs);
}

/**
 * Why an object that gives rights would not be made, a clause: nobody gives others what they do not have. One of them would keep all of
 * the preview from being deployed.
 *
 * @param rules of the role that a preview has
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function excessOf({ group, kind, root }: LayerObject, rules: readonly MapValue[]): string | undefined {
  if (group !== 'rbac.authorization.k8s.io') {
    return undefined;
  }
  if (kind === 'RoleBinding' && layerText(root, 'roleRef', 'kind') === 'ClusterRole') {
    return `it gives what the ClusterRole ${layerText(root, 'roleRef', 'name')} has, and a preview can give only what a Role of its own says`;
  }
  const given = kind === 'Role' ? layerItems(root, 'rules').map(rightsOf).flatMap(oneByOne) : [];
  const more = given.find((one) => !rules.some((rule) => lets(rule, one)));
  return more === undefined
    ? undefined
    : `it gives more than a preview has: ${more.verbs.join()} of ${more.resources.join()} in the group "${more.groups.join()}"`;
}

function rightsOf(rule: Parameters<typeof layerItems>[0]): Rights {
  const texts = (key: string) => layerItems(rule, key).map((item) => (item.kind === 'text' ? item.text : ''));
  return { groups: texts('apiGroups'), resources: texts('resources'), verbs: texts('verbs') };
}

/** Each right alone: a rule of the preview's role may have one of them, and another rule another. */
function oneByOne({ groups, resources, verbs }: Rights): Rights[] {
  return groups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ groups: [group], resources: [resource], verbs: [verb] }))),
  );
}

function textOf(item: { kind: string; text?: string }): string {
  return item.text ?? '';
}
