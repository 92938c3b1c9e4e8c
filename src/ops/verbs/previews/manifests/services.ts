import { layerItems, layerText } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { jsonPatch, mergingPatch } from './kustomize-patch.js';
import { leftOut } from './left-out.js';

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

function service(app: string, object: LayerObject): Adaptation {
  const { root } = object;
  const isNodePort = layerText(root, 'spec', 'type') === 'NodePort';
  const chosen = layerItems(root, 'spec', 'ports').filter((port) => layerText(port, 'nodePort') !== '');
  const ports = chosen.map((port) => ({ port: Number(layerText(port, 'port')), nodePort: null }));
  const fields = { ...(isNodePort ? { type: 'ClusterIP' } : {}), ...(ports.length === 0 ? {} : { ports }) };
  const numbers = chosen.map((port) => layerText(port, 'nodePort')).join(', ');
  const part = numbers === '' ? 'node ports' : `the node port ${numbers}`;
  return Object.keys(fields).length === 0
    ? AS_IT_IS
    : {
        patches: [mergingPatch(object, { spec: fields })],
        leftOut: [leftOut(app, object, 'a port of all machines is the cluster’s', part)],
        refused: [],
      };
}

function claim(app: string, object: LayerObject): Adaptation {
  const volume = layerText(object.root, 'spec', 'volumeName');
  return volume === ''
    ? AS_IT_IS
    : {
        patches: [mergingPatch(object, { spec: { volumeName: null } })],
        leftOut: [leftOut(app, object, ONE_CLAIM, `the volume ${volume}`)],
        refused: [],
      };
}

function claimTemplates(app: string, object: LayerObject): Adaptation {
  const named = layerItems(object.root, 'spec', 'volumeClaimTemplates')
    .map((template, index) => ({ index, volume: layerText(template, 'spec', 'volumeName') }))
    .filter(({ volume }) => volume !== '');
  const operations = named.map(({ index }) => {
    return { op: 'remove', path: `/spec/volumeClaimTemplates/${index}/spec/volumeName` } as const;
  });
  return named.length === 0
    ? AS_IT_IS
    : {
        patches: [jsonPatch(object, operations)],
        leftOut: named.map(({ volume }) => leftOut(app, object, ONE_CLAIM, `the volume ${volume}`)),
        refused: [],
      };
}
