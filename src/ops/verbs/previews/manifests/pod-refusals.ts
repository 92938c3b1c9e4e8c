import { type LayerNode, layerItems, layerText } from '../../../kustomize/layers/layer-node.js';
import type { PodSecurity } from '../../../policy/preview-policy.js';
import {
  BASELINE_CAPABILITIES,
  CERTIFICATE_DRIVER,
  ISSUER_KIND,
  OWN_CAPABILITIES,
  OWN_DRIVERS,
  OWN_VOLUMES,
} from '../../../reconcilers/pod-bounds.js';
import type { Adaptation } from './adaptation.js';

/** The lists of a pod that containers are in. */
export const CONTAINER_LISTS = ['containers', 'initContainers'];

const CAPABILITIES: Readonly<Record<PodSecurity, readonly string[]>> = {
  restricted: ['NET_BIND_SERVICE'],
  baseline: BASELINE_CAPABILITIES,
  privileged: OWN_CAPABILITIES,
};

/**
 * What the cluster will refuse of a preview's pods, or misses in them. A host path is none here: a preview has an empty volume instead.
 *
 * @param level the Pod Security level of the preview's namespace
 * @param isClosedIn whether the cluster refuses, at any level, what gives a pod the machine
 */
export function podRefusals(pod: LayerNode, level: PodSecurity, isClosedIn: boolean): string[] {
  if (level === 'privileged' && !isClosedIn) {
    return [];
  }
  const containers = CONTAINER_LISTS.flatMap((list) => layerItems(pod, list));
  const some = (missing: (container: LayerNode) => boolean) => containers.some(missing);
  const field = (container: LayerNode, ...keys: string[]) => layerText(container, 'securityContext', ...keys);
  const added = new Set(
    containers.flatMap((each) => capabilities(each, 'add')).filter((each) => !CAPABILITIES[level].includes(each)),
  );
  const never = [
    ...(some((container) => field(container, 'privileged') === 'true') ? ['no privileged container'] : []),
    ...([pod, ...containers].some((each) => field(each, 'runAsUser') === '0') && level === 'restricted'
      ? ['another user than 0 (runAsUser)']
      : []),
    ...(added.size === 0 ? [] : [`no capabilities ${[...added].join(', ')}`]),
    ...(some((each) => !['', 'Default'].includes(field(each, 'procMount'))) ? ['procMount: Default'] : []),
    ...(isClosedIn || level === 'restricted' ? volumes(pod, isClosedIn) : []),
  ];
  if (level !== 'restricted') {
    return never;
  }
  const inherited = (container: LayerNode, ...keys: string[]) => field(container, ...keys) || field(pod, ...keys);
  return [
    ...never,
    ...(some((each) => inherited(each, 'runAsNonRoot') !== 'true') ? ['runAsNonRoot: true'] : []),
    ...(some((each) => field(each, 'allowPrivilegeEscalation') !== 'false') ? ['allowPrivilegeEscalation: false'] : []),
    ...(some((each) => !capabilities(each, 'drop').includes('ALL')) ? ['capabilities: { drop: [ALL] }'] : []),
    ...(some((each) => !['RuntimeDefault', 'Localhost'].includes(inherited(each, 'seccompProfile', 'type')))
      ? ['seccompProfile: { type: RuntimeDefault }']
      : []),
  ];
}

/** Volumes that are not a pod's own. */
function volumes(pod: LayerNode, isClosedIn: boolean): string[] {
  const kinds = layerItems(pod, 'volumes').flatMap((volume) => {
    const driver = layerText(volume, 'csi', 'driver');
    const issuer = layerText(volume, 'csi', 'volumeAttributes', ISSUER_KIND);
    const keys = volume.kind === 'map' ? [...volume.entries.keys()] : [];
    return [
      ...keys.filter((key) => !['name', 'hostPath', ...OWN_VOLUMES].includes(key)),
      ...(!isClosedIn || driver === '' || OWN_DRIVERS.includes(driver) ? [] : [`of the driver ${driver}`]),
      ...(isClosedIn && driver === CERTIFICATE_DRIVER && !['', 'Issuer'].includes(issuer)
        ? [`with certificates of a ${issuer}`]
        : []),
    ];
  });
  return kinds.length === 0 ? [] : [`no volume ${[...new Set(kinds)].join(', ')}`];
}

function capabilities(container: LayerNode, key: 'add' | 'drop'): string[] {
  return layerItems(container, 'securityContext', 'capabilities', key).flatMap((each) =>
    each.kind === 'text' ? [each.text] : [],
  );
}

/** What the cluster will refuse of a preview's pods, a sentence for each thing that workloads lack. */
export function refusalNotices(refused: Adaptation['refused'], level: PodSecurity): string[] {
  return [...new Set(refused.map(({ lacks }) => lacks))].map((lacks) => {
    const workloads = refused.filter((each) => each.lacks === lacks).map(({ workload }) => workload);
    return (
      `No pods in the preview, whose Pod Security level is ${level}, for ${workloads.join(', ')}: missing are ${lacks}. ` +
      'Set that in their bases, or lower previews.pod-security in ostack.yaml; what reaches the machine is refused at any level.'
    );
  });
}
