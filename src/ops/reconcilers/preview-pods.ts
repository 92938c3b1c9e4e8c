import {
  CERTIFICATE_DRIVER,
  ISSUER_KIND,
  OWN_CAPABILITIES,
  OWN_DRIVERS,
  OWN_VOLUMES,
  RESERVED_TAINTS,
} from './pod-bounds.js';
import { hadIt, listOf, orElse, previewRule, type Resources, type Validation } from './preview-rule.js';

/** What has pods made by controllers of Kubernetes. */
const TEMPLATES: Resources = [
  ['', ['replicationcontrollers', 'podtemplates']],
  ['apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets']],
  ['batch', ['jobs', 'cronjobs']],
];

/** In CEL, that a controller of Kubernetes asks. */
const BY_KUBERNETES =
  "request.userInfo.username.matches('^system:(serviceaccount:kube-system:|kube-controller-manager$)')";

/**
 * What no pod of a preview may be, at any level of Pod Security, whatever made it: an object of a base that nobody has read, or of a kind
 * whose controller makes pods. Pods are looked at as they are made, for nothing of all this changes later, but what they tolerate.
 *
 * @param isIn in CEL, whether a request is in the namespace of a preview
 * @see https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement
 */
export function podRules(isIn: string): Record<string, unknown>[] {
  const create = ['CREATE'];
  return [
    ...previewRule('pods', {
      ...{ resources: [['', ['pods']]], match: isIn, operations: create },
      validations: [...machine(), volumes(), issuers(), ...priority()],
    }),
    ...previewRule('places', { resources: [['', ['pods']]], match: isIn, validations: [placement()] }),
    ...previewRule('priority', { resources: TEMPLATES, match: isIn, validations: [templatePriority()] }),
    ...previewRule('claims', { resources: [['', ['persistentvolumeclaims']]], match: isIn, validations: claims() }),
  ];
}

const POD = 'object.spec';

/** In CEL, that a rule holds for each container. */
function ofContainers(rule: string): string {
  return `[${POD}.containers, ${orElse(POD, 'initContainers', '[]')}].all(list, list.all(container, ${rule}))`;
}

function machine(): Validation[] {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].map((key) => `!${orElse(POD, key, 'false')}`);
  const ports = `!has(container.ports) || container.ports.all(port, ${orElse('port', 'hostPort', '0')} == 0)`;
  const context = 'container.securityContext';
  const added = `!has(${context}.capabilities.add) || ${context}.capabilities.add.all(each, each in ${listOf(OWN_CAPABILITIES)})`;
  const own =
    `!has(${context}) || (!${orElse(context, 'privileged', 'false')} && ` +
    `${orElse(context, 'procMount', "'Default'")} == 'Default' && (!has(${context}.capabilities) || ${added}))`;
  return [
    {
      expression: [...shared, ofContainers(ports)].join(' && '),
      message: 'A pod of a preview has no network, ports, processes or memory of the machine.',
    },
    {
      expression: ofContainers(own),
      message: 'A container of a preview is not privileged, and has no capability that gives it the machine.',
    },
  ];
}

function volumes(): Validation {
  const kinds = OWN_VOLUMES.map((key) => `has(volume.${key})`).join(' || ');
  return {
    expression:
      `!has(${POD}.volumes) || ${POD}.volumes.all(volume, ` +
      `(${kinds}) && (!has(volume.csi) || volume.csi.driver in ${listOf(OWN_DRIVERS)}))`,
    message: 'A pod of a preview has no path of the machine, and no share or disk by its address.',
  };
}

/**
 * What a driver of volumes gets for a pod is asked for by no Certificate: an issuer of the whole cluster would give it the name of
 * anybody.
 *
 * @see https://cert-manager.io/docs/usage/csi-driver/
 */
function issuers(): Validation {
  const attributes = 'volume.csi.volumeAttributes';
  const own =
    `!has(volume.csi) || volume.csi.driver != '${CERTIFICATE_DRIVER}' || !has(${attributes}) || ` +
    `!('${ISSUER_KIND}' in ${attributes}) || ${attributes}['${ISSUER_KIND}'] in ['', 'Issuer']`;
  return {
    expression: `!has(${POD}.volumes) || ${POD}.volumes.all(volume, ${own})`,
    message: 'A volume of a preview has certificates of an issuer of the preview alone.',
  };
}

/**
 * A name of a machine goes past the scheduler, and all that it keeps machines free by. One that is there may tolerate more, and one that
 * no machine has yet goes where it then may.
 */
function placement(): Validation {
  const tolerated = `${POD}.tolerations.all(each, has(each.key) && each.key != '' && !each.key.startsWith('${RESERVED_TAINTS}'))`;
  const before = hadIt(`has(oldObject.spec.tolerations) && oldObject.spec.tolerations == ${POD}.tolerations`);
  return {
    // The scheduler names the machine, by a request of another kind.
    expression:
      `(oldObject != null || ${orElse(POD, 'nodeName', "''")} == '') && ` +
      `(!has(${POD}.tolerations) || ${tolerated} || ${before})`,
    message: 'A pod of a preview goes to no machine by name, nor to those of the cluster’s own parts.',
  };
}

/**
 * A volume that is there may have anybody's data. Kubernetes says its name once there is one for the claim, and whoever may write the
 * claim may, too, until then; by labels, or of no class, it gets whichever nobody has claimed yet.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
function claims(): Validation[] {
  const spec = 'object.spec';
  const volume = (of: string) => orElse(`${of}.spec`, 'volumeName', "''");
  const annotation = `'volume.beta.kubernetes.io/storage-class'`;
  const ofClass =
    `${orElse(spec, 'storageClassName', "'default'")} != '' && (!has(object.metadata.annotations) || ` +
    `!(${annotation} in object.metadata.annotations) || object.metadata.annotations[${annotation}] != '')`;
  return [
    {
      expression: `${volume('object')} == '' || ${hadIt(`(${volume('oldObject')} == ${volume('object')} || ${BY_KUBERNETES})`)}`,
      message: 'A claim of a preview takes no volume by name, which is one claim’s of the whole cluster.',
    },
    {
      expression: `oldObject != null || (!has(${spec}.selector) && ${ofClass})`,
      message:
        'A claim of a preview gets a volume that is made for it, and none that is there: it has no selector, and a class.',
    },
  ];
}

const FIRST = 'A pod of a preview goes before no other: it names no priority class.';

/** Which class a pod was made with is not to be told from the cluster's default, but where nothing of Kubernetes made it. */
function priority(): Validation[] {
  return [
    {
      expression:
        `!${orElse(POD, 'priorityClassName', "''")}.startsWith('system-') && (${orElse(POD, 'priority', '0')} <= 0 || ` +
        `${BY_KUBERNETES})`,
      message: FIRST,
    },
  ];
}

function templatePriority(): Validation {
  const pods = (of: string) =>
    `(request.resource.resource == 'cronjobs' ? ${of}.spec.jobTemplate.spec.template : ` +
    `request.resource.resource == 'podtemplates' ? ${of}.template : ${of}.spec.template)`;
  const named = (of: string) => orElse(`${pods(of)}.spec`, 'priorityClassName', "''");
  return {
    expression: `${named('object')} == '' || ${hadIt(`${named('oldObject')} == ${named('object')}`)}`,
    message: FIRST,
  };
}
