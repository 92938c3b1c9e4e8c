/**
 * Fields of a Certificate that give it more than hosts: names by which services know each other, or the right to sign others.
 *
 * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
 */
export const OTHER_NAMES = ['emailAddresses', 'ipAddresses', 'isCA', 'literalSubject', 'otherNames', 'subject', 'uris'];
