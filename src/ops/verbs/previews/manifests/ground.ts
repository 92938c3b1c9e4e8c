import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { namespaceOf, SECURITY_LABEL } from './namespace.js';
import { networkPolicyOf } from './network-policy.js';
import { quotaOf } from './quota.js';

/**
 * How a preview that is there already was opened, which it keeps until it is over: what changes hands between objects of the cluster, or
 * is in the files of none of them any more, is pruned by the one that had it. Only a newer version says of some of it that it stays, and
 * nobody knows when the cluster has heard that.
 */
export interface OpenedAs {
  /** Whether what it stands on is beside its object; `undefined` for a preview that is not there. */
  isGroundBeside: boolean | undefined;
  /** Whether its namespace says which pods may be there. */
  hasSecurity: boolean;
  /** What of its ground the policy may have let go of since, YAML by the name of its file. */
  ground: ReadonlyMap<string, string>;
}

/** A preview that is not there. */
const NEW: OpenedAs = { isGroundBeside: undefined, hasSecurity: true, ground: new Map() };

/** The files of the ground that a policy may do without, and which objects are in them. */
const QUOTA = 'quota.yaml';
const NETWORK = 'network-policy.yaml';
const KINDS: readonly (readonly [file: string, kinds: RegExp])[] = [
  [QUOTA, /^kind: (ResourceQuota|LimitRange)$/m],
  [NETWORK, /^kind: NetworkPolicy$/m],
];

/** Where a preview is, or was. */
interface Place {
  /** The environment whose cluster it is in. */
  environment: string;
  /** The kind of the objects that deploy previews there. */
  kind: string;
  /** Whether it comes from another cluster. */
  isMoved: boolean;
}

/**
 * Reads how a preview was opened: two files, and those of its ground that the policy no longer has. One that comes from another cluster, or
 * that something else deploys now, is opened anew.
 *
 * @throws whatever the tree throws
 */
export async function openedAs(
  tree: TreeReader,
  { name }: PreviewRecord,
  { environment, kind, isMoved }: Place,
  policy: Pick<PreviewPolicy, 'quota' | 'network'>,
): Promise<OpenedAs> {
  const folder = previewFolder(name);
  const [inside, object] = await Promise.all([
    tree.read(`${folder}/namespace.yaml`),
    tree.read(clusterFile(environment, name)),
  ]);
  const isOther = object !== undefined && !new RegExp(`^kind: ${kind}$`, 'm').test(object);
  if (isMoved || isOther) {
    return NEW;
  }
  if (inside !== undefined) {
    const dropped = [
      ...(policy.quota === undefined ? [QUOTA] : []),
      ...(policy.network === undefined ? [NETWORK] : []),
    ];
    const texts = await Promise.all(dropped.map(async (file) => [file, await tree.read(`${folder}/${file}`)] as const));
    const ground = new Map(texts.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const])));
    return { isGroundBeside: false, hasSecurity: inside.includes(SECURITY_LABEL), ground };
  }
  return object?.includes('kind: Namespace\n') === true
    ? { isGroundBeside: true, hasSecurity: true, ground: groundIn(object) }
    : NEW;
}

/** The ground in a file that has it beside the object of a preview. */
function groundIn(text: string): Map<string, string> {
  const documents = text.split(/^---\n/m);
  return new Map(
    KINDS.flatMap(([file, kinds]) => {
      const own = documents.filter((each) => kinds.test(each));
      return own.length === 0 ? [] : [[file, own.join('---\n')]];
    }),
  );
}

/**
 * What a preview stands on, texts of YAML by the names of files: its namespace, quota and network policy, also those that the policy no
 * longer has. The folder of an app never has such a name: it may not end in `.yaml`.
 */
export function groundOf(
  record: PreviewRecord,
  { quota, network, podSecurity }: PreviewPolicy,
  { hasSecurity, ground }: Pick<OpenedAs, 'hasSecurity' | 'ground'>,
): Map<string, string> {
  const files = {
    'namespace.yaml': namespaceOf(record, hasSecurity ? podSecurity : undefined),
    [QUOTA]: quota === undefined ? ground.get(QUOTA) : quotaOf(quota, record.name),
    [NETWORK]: network === undefined ? ground.get(NETWORK) : networkPolicyOf(network, record.name),
  };
  return new Map(Object.entries(files).flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const])));
}

/** What of the ground a preview has, whatever the policy says now: beside it, an app has none of its own. */
export function hasGround(ground: ReadonlyMap<string, string>): { hasNetwork: boolean; hasQuota: boolean } {
  return { hasNetwork: ground.has(NETWORK), hasQuota: ground.has(QUOTA) };
}
