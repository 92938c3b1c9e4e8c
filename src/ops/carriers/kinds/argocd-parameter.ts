import type { Edit } from '../../yaml/edits.js';
import { type ListValue, type MapValue, textAt, type YamlValue } from '../../yaml/values.js';
import type { CarrierKind, Finding, ImageTarget } from '../carrier.js';
import { sameRepository } from '../image-reference.js';

/**
 * Helm parameters of an Argo CD Application. The parameter `web.image.tag` is the tag of the image that the parameter
 * `web.image.repository` names. Without such a parameter it is a tag that stands alone.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-parameters
 */
export const argocdParameter: CarrierKind = {
  name: 'argocd-parameter',
  find(node, target) {
    const list = node.value;
    if (target.kind !== 'image' || node.key !== 'parameters' || list.kind !== 'list') {
      return [];
    }
    return list.items.flatMap((item, index) => {
      const prefix = item.kind === 'map' ? /^(.*image)\.tag$/i.exec(textAt(item, 'name') ?? '')?.[1] : undefined;
      return item.kind === 'map' && prefix !== undefined
        ? parameterFinding({ path: [...node.path, index], document: node.document, list, item, prefix }, target)
        : [];
    });
  },
  candidates({ key, value: list }) {
    const names = key === 'parameters' && list.kind === 'list' ? list.items.map(parameterName) : [];
    const prefixes = names.flatMap((name) => /^(.*image)\.tag$/i.exec(name)?.[1] ?? []);
    const repositories = prefixes.flatMap((prefix) => (list.kind === 'list' ? (repositoryAt(list, prefix) ?? []) : []));
    return repositories.map((repository) => ({ kind: 'image', repository }));
  },
};

function parameterName(item: YamlValue): string {
  return item.kind === 'map' ? (textAt(item, 'name') ?? '') : '';
}

/** The repository in the parameters of a prefix (`web.image`), with the registry where that is a parameter too. */
function repositoryAt(list: ListValue, prefix: string): string | undefined {
  const repository = parameterValue(list, `${prefix}.repository`)?.text ?? parameterValue(list, `${prefix}.name`)?.text;
  const registry = parameterValue(list, `${prefix}.registry`)?.text;
  return registry && repository !== undefined ? `${registry}/${repository}` : repository;
}

interface Parameter {
  path: Finding['path'];
  document: number;
  list: ListValue;
  item: MapValue;
  prefix: string;
}

function parameterFinding(parameter: Parameter, target: ImageTarget): Finding[] {
  const { path, document, list, item, prefix } = parameter;
  const full = repositoryAt(list, prefix);
  if (full === undefined || !sameRepository(full, target.repository)) {
    return [];
  }
  const digest = parameterValue(list, `${prefix}.digest`);
  const [tag, pinned] = (textAt(item, 'value') ?? '').split('@', 2);
  const inTag = pinned !== undefined && target.digest !== undefined && digest === undefined;
  const version = target.tag ?? '';
  const value = inTag ? `${version}@${target.digest}` : version;
  const edits: Edit[] = [{ path: [...path, 'value'], document, value, after: 'name' }];
  if (digest !== undefined) {
    edits.push({
      path: [...path.slice(0, -1), digest.index, 'value'],
      document,
      value: target.digest ?? '',
      after: 'name',
    });
  }
  return [
    {
      path,
      line: item.line,
      current: { repository: target.repository, tag: tag || undefined, digest: digest?.text || pinned },
      certain: true,
      needsTag: digest === undefined,
      edits,
    },
  ];
}

function parameterValue(list: ListValue, name: string): { index: number; text: string } | undefined {
  const index = list.items.findIndex((item) => item.kind === 'map' && textAt(item, 'name') === name);
  const item = list.items[index];
  return item?.kind === 'map' ? { index, text: textAt(item, 'value') ?? '' } : undefined;
}
