/** What a ValidatingAdmissionPolicy looks at and asks for. */
export interface Admission {
  matchConstraints: Record<string, unknown>;
  /** Which requests it is about, in CEL. */
  match: string;
  /** What each of them has to fulfil, in CEL. */
  validations: readonly { expression: string; message: string }[];
  /** An object in the namespace of the request without which it is refused, and in which namespaces; `params` in CEL. */
  param?: { kind: { apiVersion: string; kind: string }; name: string; namespaces: Record<string, unknown> } | undefined;
}

/**
 * A policy by which the cluster refuses objects, and the binding that puts it into force. Where it cannot be asked, it refuses.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function admissionPolicy(
  name: string,
  { matchConstraints, match, validations, param }: Admission,
): Record<string, unknown>[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name } },
      spec: {
        failurePolicy: 'Fail',
        ...(param === undefined ? {} : { paramKind: param.kind }),
        matchConstraints,
        matchConditions: [{ name: 'previews', expression: match }],
        validations,
      },
    },
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
      spec: {
        ...{ policyName: name, validationActions: ['Deny'] },
        ...(param === undefined
          ? {}
          : {
              paramRef: { name: param.name, parameterNotFoundAction: 'Deny' },
              matchResources: { namespaceSelector: param.namespaces },
            }),
      },
    },
  ];
}

/** Those of objects that are admission policies, or put one into force. */
export function admissionPolicies(objects: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return objects.filter(({ kind }) => typeof kind === 'string' && kind.startsWith('ValidatingAdmissionPolicy'));
}
