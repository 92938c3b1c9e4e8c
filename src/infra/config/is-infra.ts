import { isMap, isScalar } from 'yaml';
import { yamlDocument } from '../../config/yaml-documents.js';

/** Keys that `ostack.yaml` of an infra repository alone has. */
const KEYS = ['roots', 'tool', 'stateful', 'losses'];

/** Whether an `ostack.yaml` is that of an infra repository, whatever else is wrong in it. */
export function isInfraConfig(text: string | undefined): boolean {
  const contents =
    text === undefined ? undefined : yamlDocument(text, { version: '1.2', logLevel: 'error' }).document.contents;
  return isMap(contents) && contents.items.some(({ key }) => isScalar(key) && KEYS.includes(String(key.value)));
}
