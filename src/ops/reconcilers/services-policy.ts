import { admissionPolicy } from './admission-policy.js';

/** What bounds the Services of previews. */
const NAME = 'ostack-previews-services';

/**
 * What no Service in the namespace of a preview may have, whoever deploys it and wherever its files are: ports of all machines, and
 * external addresses, by which it would receive what others in the cluster send there. One that has it already goes on.
 *
 * @param pattern of the namespaces of previews (RE2)
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
 */
export function servicesPolicy(pattern: string): Record<string, unknown>[] {
  const hadIt = (rule: string) => `(oldObject != null && ${rule})`;
  return admissionPolicy(NAME, {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [''], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['services'] },
      ],
    },
    match: `request.namespace.matches('${pattern}')`,
    validations: [
      {
        expression:
          "!has(object.spec.type) || object.spec.type != 'NodePort' || " +
          hadIt("has(oldObject.spec.type) && oldObject.spec.type == 'NodePort'"),
        message: 'A Service of a preview takes no ports of all machines.',
      },
      {
        expression:
          '!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0 || ' +
          hadIt('has(oldObject.spec.externalIPs) && oldObject.spec.externalIPs == object.spec.externalIPs'),
        message: 'A Service of a preview has no external addresses.',
      },
    ],
  });
}
