import { OTHER_NAMES } from './certificate-names.js';
import { DNS_NAMES, EXTERNAL_DNS, HOST_ALIASES } from './host-annotations.js';
import { groundRules, PREVIEW_LABEL } from './preview-ground.js';
import { podRules } from './preview-pods.js';
import {
  hadIt,
  hadMark,
  hasNone,
  listOf,
  orElse,
  previewRule,
  type Resources,
  type Validation,
} from './preview-rule.js';
import { REACHING_ANNOTATIONS } from './reaching-annotations.js';
import type { PreviewBounds } from './reconciler.js';

const ROUTES: Resources = [
  ['networking.k8s.io', ['ingresses']],
  ['gateway.networking.k8s.io', ['gateways', 'httproutes', 'grpcroutes', 'tlsroutes']],
  ['cert-manager.io', ['certificates']],
];

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/**
 * What no object in the namespace of a preview may be, nor that namespace, whoever deploys it and wherever its files are: what one
 * of them reaches past its namespace by no rule of RBAC. What is there already, and stays as it is, goes on.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function previewPolicies(bounds: PreviewBounds): Record<string, unknown>[] {
  const isPreview = (text: string) => `${text}.matches('${bounds.namespaces.pattern}')`;
  const match = isPreview('request.namespace');
  return [
    ...previewRule('services', { resources: [['', ['services']]], match, validations: services(bounds) }),
    ...previewRule('namespaces', {
      resources: [['', ['namespaces']]],
      // A request to write a namespace is in none where it is an apply.
      match: isPreview('object.metadata.name'),
      validations: levels(bounds),
    }),
    ...previewRule('routes', { resources: [['', ['services', 'pods']], ...ROUTES], match, validations: hosts(bounds) }),
    ...previewRule('annotations', {
      resources: [['', ['pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims']], ...ROUTES],
      match,
      validations: [reach()],
    }),
    ...podRules(match),
    ...groundRules(match, bounds),
  ];
}

function reach(): Validation {
  return {
    expression:
      `!has(object.metadata.annotations) || object.metadata.annotations.all(key, !key.matches('${REACHING_ANNOTATIONS}') || ` +
      `${hadMark('annotations', 'key')})`,
    message: 'An annotation in a preview reaches past its namespace.',
  };
}

/** In CEL, the type of a Service, and whether it takes ports of all machines. */
function typeOf(of: string): string {
  return orElse(`${of}.spec`, 'type', "'ClusterIP'");
}

function isOuter(of: string): string {
  return `${typeOf(of)} in ['NodePort', 'LoadBalancer']`;
}

/**
 * Whose an object is, it says itself: what applies the files of a preview, and its pods, are no controller of Gateways.
 *
 * @param writer a regular expression (RE2) of the accounts that apply previews
 */
export function balancerRule({ namespaces }: PreviewBounds, writer: string): Record<string, unknown>[] {
  const isOwn = "request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':')";
  return previewRule('balancers', {
    resources: [['', ['services']]],
    match:
      `request.namespace.matches('${namespaces.pattern}') && ` +
      `(${isOwn} || request.userInfo.username.matches('${writer}'))`,
    validations: [
      {
        expression: `!(${isOuter('object')}) || ${hadIt(isOuter('oldObject'))}`,
        message: 'A load balancer in a preview is made by the controller of its Gateway.',
      },
    ],
  });
}

/**
 * Ports of all machines, which a load balancer takes, too; addresses by which a Service would receive what others send there; and names
 * of hosts, to which an ingress controller goes that no network policy of the preview keeps.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
 */
function services({ network }: PreviewBounds) {
  // A Gateway of the preview's own has its address by one that its controller makes.
  const isOfGateway =
    `${typeOf('object')} == 'LoadBalancer' && has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(` +
    "owner, owner.kind == 'Gateway' && owner.apiVersion.startsWith('gateway.networking.k8s.io/'))";
  const ips = (of: string) => orElse(`${of}.spec`, 'externalIPs', '[]');
  const elsewhere = {
    expression:
      `${typeOf('object')} != 'ExternalName' || ` +
      // One of another type may have a name that does nothing yet.
      hadIt(
        `${typeOf('oldObject')} == 'ExternalName' && has(oldObject.spec.externalName) && ` +
          'oldObject.spec.externalName == object.spec.externalName',
      ),
    message: 'A Service of a preview leads to its pods alone: a name of another host leads past its network policy.',
  };
  return [
    {
      expression: `!(${isOuter('object')}) || (${isOfGateway}) || ${hadIt(isOuter('oldObject'))}`,
      message: 'A Service of a preview takes no ports of all machines.',
    },
    {
      expression: `${ips('object')}.size() == 0 || ${hadIt(`${ips('oldObject')} == ${ips('object')}`)}`,
      message: 'A Service of a preview has no external addresses.',
    },
    ...(network === undefined ? [] : [elsewhere]),
  ];
}

/** The Pod Security level, as it is now: an older version of it asks for less. */
function levels({ podSecurity }: PreviewBounds) {
  const labelOf = (of: string, label: string) =>
    `(has(${of}.metadata.labels) && '${label}' in ${of}.metadata.labels ? ${of}.metadata.labels['${label}'] : '')`;
  const isOneOf = (label: string, values: readonly string[]) =>
    `${labelOf('object', label)} in ${listOf(values)} || ` +
    hadIt(`${labelOf('oldObject', label)} == ${labelOf('object', label)}`);
  return [
    {
      expression: isOneOf(ENFORCE, podSecurity),
      message: `The namespace of a preview has the Pod Security level ${podSecurity.join(' or ')}.`,
    },
    {
      expression: isOneOf(`${ENFORCE}-version`, ['', 'latest']),
      message: 'The namespace of a preview has the newest version of its Pod Security level.',
    },
    {
      // By it the cluster knows where no pod may be without what a preview stands on.
      expression:
        `${labelOf('object', PREVIEW_LABEL)} == object.metadata.name || ` +
        hadIt(`${labelOf('oldObject', PREVIEW_LABEL)} == ${labelOf('object', PREVIEW_LABEL)}`),
      message: `The namespace of a preview has its name as the label ${PREVIEW_LABEL}.`,
    },
  ];
}

/** Hosts of the preview's own: what the host environment, or another preview, has is not to be taken over. */
function hosts({ hosts: pattern }: PreviewBounds) {
  const whole = pattern?.replaceAll('{name}', "' + request.namespace + '");
  const one = `([*][.])?${whole}`;
  const fits = (host: string, pattern = one) => (whole === undefined ? 'false' : `${host}.matches('^${pattern}$')`);
  const all = (list: string) => `${list}.all(host, ${fits('host')})`;
  const isA = (resource: string) => `request.resource.resource == '${resource}'`;
  const spec = 'object.spec';
  const ingress =
    `!has(${spec}.defaultBackend) && has(${spec}.rules) && ${spec}.rules.all(rule, has(rule.host) && ${fits('rule.host')}) && ` +
    `(!has(${spec}.tls) || ${spec}.tls.all(tls, !has(tls.hosts) || ${all('tls.hosts')}))`;
  // By an address of its own saying it would be at that of others. What its controller makes for it, with the marks that it says, may be
  // in the controller's namespace.
  const gateway =
    `(!has(${spec}.addresses) || ${spec}.addresses.size() == 0) && ` +
    `(!has(${spec}.infrastructure) || (${hasNone(`${spec}.infrastructure`, ['labels', 'annotations'])})) && ` +
    `${spec}.listeners.all(listener, !has(listener.hostname) || ${fits('listener.hostname')})`;
  // An issuer of the whole cluster may be one by which services know each other: of it there are hosts of the preview, and nothing else.
  const isShared = `(has(${spec}.issuerRef) && has(${spec}.issuerRef.kind) && ${spec}.issuerRef.kind != 'Issuer')`;
  const certificate =
    `(!has(${spec}.dnsNames) || ${all(`${spec}.dnsNames`)}) && ` +
    `(!has(${spec}.commonName) || !(${spec}.commonName.contains('.') || ${isShared}) || ${fits(`${spec}.commonName`)}) && ` +
    `(!${isShared} || (${hasNone(spec, OTHER_NAMES)}))`;
  const route = `has(${spec}.hostnames) && ${spec}.hostnames.size() > 0 && ${all(`${spec}.hostnames`)}`;
  const message = 'A preview has hosts of previews alone.';
  const annotations = 'object.metadata.annotations';
  const controller = `prefix + '/controller'`;
  // external-dns looks at nothing that another controller is said to be for, but at pods.
  const isIdle = `(!(${isA('pods')}) && ${controller} in ${annotations} && ${annotations}[${controller}] != 'dns-controller')`;
  const own = (key: string) =>
    `!(${key} in ${annotations}) || ${fits(`${annotations}[${key}]`, `${one}(, *${one})*`)} || ` +
    hadMark('annotations', key);
  return [
    {
      expression:
        `${isA('services')} || ${isA('pods')} || ${hadIt('object.spec == oldObject.spec')} || (${isA('ingresses')} ? ${ingress} : ` +
        `${isA('gateways')} ? ${gateway} : ${isA('certificates')} ? ${certificate} : ${route})`,
      message,
    },
    {
      expression:
        `!has(${annotations}) || (${listOf(HOST_ALIASES)}.all(key, ${own('key')}) && ` +
        `${listOf(EXTERNAL_DNS)}.all(prefix, ${isIdle} || ${listOf(DNS_NAMES)}.all(end, ${own('(prefix + end)')})))`,
      message,
    },
  ];
}
