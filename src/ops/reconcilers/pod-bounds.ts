/**
 * What pods of previews may be whatever their Pod Security level: less than that is the level's. A container that is privileged, or has
 * one of the other capabilities, has the machine, and so its network, its paths and all other pods.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

/** Those of `privileged`: what acts on the pod's own network, memory and processes. */
export const OWN_CAPABILITIES = [
  ...BASELINE_CAPABILITIES,
  ...['IPC_LOCK', 'NET_ADMIN', 'NET_RAW', 'SYS_NICE', 'SYS_PTRACE', 'SYS_RESOURCE'],
];

/** Volumes that are a pod's own. All others are paths of the machine, or shares and disks that it mounts by their address. */
export const OWN_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected'],
  'secret',
];

/** The driver of certificates, and its attribute for the kind of their issuer: where it is missing, an `Issuer` of the namespace. */
export const CERTIFICATE_DRIVER = 'csi.cert-manager.io';
export const ISSUER_KIND = 'csi.cert-manager.io/issuer-kind';

/**
 * Drivers of volumes within a pod's description that give a pod what is its own; others mount what it says, with the rights of the machine.
 *
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#csi-driver-restrictions
 */
export const OWN_DRIVERS = [CERTIFICATE_DRIVER, 'csi.spiffe.io', 'secrets-store.csi.k8s.io'];

/** What keys of taints begin with that keep the machines of the cluster's own parts free. */
export const RESERVED_TAINTS = 'node-role.kubernetes.io/';
