import { leftOut } from '../../../judgement/left-out.js';
import { type LayerNode, layerItems, layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { jsonPatch, mergingPatch, type Patch } from './kustomize-patch.js';

/**
 * Takes away what only one object of the cluster can have: ports of all its machines from a Service, a volume by name from a
 * claim. Other objects stay as they are.
 */
export function adaptShared(app: string, object: LayerObject): Adaptation {
  switch (`${object.kind}.${object.group}`) {
    case 'Service.':
      return service(app, object);
    case 'PersistentVolumeClaim.':
      return claim(app, object);
    case 'StatefulSet.apps':
      return claimTemplates(app, object);
    default:
      return AS_IT_IS;
  }
}

const ONE_CLAIM = 'a volume by name belongs to one claim of the cluster';
const OF_OTHERS = 'a volume that is there may have the data of others';

/** Fields that only a Service may have that leads into the cluster from outside: Kubernetes refuses them on others. */
const OUTER_FIELDS = [
  ...[
    'externalTrafficPolicy',
    'healthCheckNodePort',
    'loadBalancerIP',
    'loadBalancerSourceRanges',
    'loadBalancerClass',
  ],
  'allocateLoadBalancerNodePorts',
];

/**
 * A load balancer takes ports of all machines, too. External addresses are whatever it says: of all that is sent there from within
 * the cluster, to whomever, the cluster makes it the receiver.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
 */
function service(app: string, object: LayerObject): Adaptation {
  const { root } = object;
  const isOuter = ['NodePort', 'LoadBalancer'].includes(layerText(root, 'spec', 'type'));
  const chosen = layerItems(root, 'spec', 'ports').filter((port) => layerText(port, 'nodePort') !== '');
  const ports = chosen.map((port) => {
    const protocol = layerText(port, 'protocol');
    return { port: Number(layerText(port, 'port')), ...(protocol === '' ? {} : { protocol }), nodePort: null };
  });
  const hasOuterAddress = nodeAt(root, 'spec', 'externalIPs') !== undefined;
  const outer = OUTER_FIELDS.filter((key) => isOuter && nodeAt(root, 'spec', key) !== undefined);
  const fields = {
    ...(isOuter ? { type: 'ClusterIP' } : {}),
    ...Object.fromEntries(outer.map((key) => [key, null])),
    ...(hasOuterAddress ? { externalIPs: null } : {}),
    ...(ports.length === 0 ? {} : { ports }),
  };
  const numbers = chosen.map((port) => layerText(port, 'nodePort')).join(', ');
  const part = numbers === '' ? 'node ports' : `the node port ${numbers}`;
  const isPort = isOuter || ports.length > 0;
  return Object.keys(fields).length === 0
    ? AS_IT_IS
    : {
        patches: [mergingPatch(object, { spec: fields })],
        leftOut: [
          ...(isPort ? [leftOut(app, object, 'a port of all machines is the cluster’s', part)] : []),
          ...(hasOuterAddress ? [leftOut(app, object, 'they may be anybody’s', 'its external addresses')] : []),
        ],
        refused: [],
      };
}

/** A field by which a claim takes a volume that is there, in words, and why it goes. */
interface Taken {
  key: string;
  part: string;
  reason: string;
}

/** By labels, or of no class, a claim gets whichever volume nobody has claimed. Without them it gets one of the default class. */
function takenBy(claim: LayerNode): Taken[] {
  const field = (key: string) => nodeAt(claim, 'spec', key);
  const volume = layerText(claim, 'spec', 'volumeName');
  const isOfNone = field('storageClassName') !== undefined && layerText(claim, 'spec', 'storageClassName') === '';
  return [
    ...(volume === '' ? [] : [{ key: 'volumeName', part: `the volume ${volume}`, reason: ONE_CLAIM }]),
    ...(field('selector') === undefined
      ? []
      : [{ key: 'selector', part: 'its selector of volumes', reason: OF_OTHERS }]),
    ...(isOfNone ? [{ key: 'storageClassName', part: 'its empty class', reason: OF_OTHERS }] : []),
  ];
}

function claim(app: string, object: LayerObject): Adaptation {
  const taken = takenBy(object.root);
  return taken.length === 0
    ? AS_IT_IS
    : {
        patches: [mergingPatch(object, { spec: Object.fromEntries(taken.map(({ key }) => [key, null])) })],
        leftOut: taken.map(({ part, reason }) => leftOut(app, object, reason, part)),
        refused: [],
      };
}

function claimTemplates(app: string, object: LayerObject): Adaptation {
  const taken = layerItems(object.root, 'spec', 'volumeClaimTemplates').flatMap((template, index) =>
    takenBy(template).map((each) => ({ ...each, path: `/spec/volumeClaimTemplates/${index}/spec/${each.key}` })),
  );
  return taken.length === 0
    ? AS_IT_IS
    : {
        patches: [
          jsonPatch(
            object,
            taken.map(({ path }) => ({ op: 'remove', path })),
          ),
        ],
        leftOut: taken.map(({ part, reason }) => leftOut(app, object, reason, part)),
        refused: [],
      };
}

/**
 * What of Services is taken away where their files are not read. kustomize takes away no field of a list whose items nobody knows, so
 * that the number of a node port stays, which the cluster then refuses; and it changes the type of all or of none, so that one that is
 * another host, which previews may have without previews.network, gets it back by its name.
 *
 * @param read the app's objects whose files are read, without those that are left out
 */
export function unreadServices(read: readonly LayerObject[]): Patch[] {
  const outer = Object.fromEntries(OUTER_FIELDS.map((key) => [key, null]));
  const spec = { type: 'ClusterIP', externalIPs: null, externalName: null, ...outer };
  const head = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'any' } };
  const hosts = read.flatMap((object) => {
    const externalName = isHost(object) ? layerText(object.root, 'spec', 'externalName') : '';
    return externalName === '' ? [] : [mergingPatch(object, { spec: { type: 'ExternalName', externalName } })];
  });
  // Of the core group alone: Knative has another.
  return [{ target: { group: '()', kind: 'Service' }, patch: toYaml({ ...head, spec }) }, ...hosts];
}

/** Whether an object is a Service that is another host. */
export function isHost({ group, kind, root }: LayerObject): boolean {
  return group === '' && kind === 'Service' && layerText(root, 'spec', 'type') === 'ExternalName';
}
