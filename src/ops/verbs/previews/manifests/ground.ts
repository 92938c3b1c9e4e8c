import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { namespaceOf, SECURITY_LABEL } from './namespace.js';
import { networkPolicyOf } from './network-policy.js';
import { quotaOf } from './quota.js';

/** How a preview that is there already was opened, which it keeps: what changes hands between objects is pruned by one of them. */
export interface OpenedAs {
  /** Whether what it stands on is beside its object; `undefined` for a preview that is not there. */
  isGroundBeside: boolean | undefined;
  /** Whether its namespace says which pods may be there. */
  hasSecurity: boolean;
}

/**
 * Reads how a preview was opened: two files.
 *
 * @throws whatever the tree throws
 */
export async function openedAs(tree: TreeReader, { name }: PreviewRecord, environment: string): Promise<OpenedAs> {
  const [inside, object] = await Promise.all([
    tree.read(`${previewFolder(name)}/namespace.yaml`),
    tree.read(clusterFile(environment, name)),
  ]);
  if (inside !== undefined) {
    return { isGroundBeside: false, hasSecurity: inside.includes(SECURITY_LABEL) };
  }
  return { isGroundBeside: object?.includes('kind: Namespace\n') === true ? true : undefined, hasSecurity: true };
}

/**
 * What a preview stands on, texts of YAML by the names of files: its namespace, quota and network policy. The folder of an app
 * never has such a name: it may not end in `.yaml`.
 */
export function groundOf(
  record: PreviewRecord,
  { quota, network, podSecurity }: PreviewPolicy,
  { hasSecurity }: Pick<OpenedAs, 'hasSecurity'>,
): Map<string, string> {
  return new Map([
    ['namespace.yaml', namespaceOf(record, hasSecurity ? podSecurity : undefined)],
    ...(quota === undefined ? [] : ([['quota.yaml', quotaOf(quota, record.name)]] as const)),
    ...(network === undefined ? [] : ([['network-policy.yaml', networkPolicyOf(network, record.name)]] as const)),
  ]);
}
