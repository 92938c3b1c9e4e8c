import { isKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { editYaml } from '../yaml/edit.js';
import type { Edit } from '../yaml/edits.js';
import { InvalidYaml } from '../yaml/parse.js';
import { editWhole, isBareFile, wholeNode } from './bare-file.js';
import { editEnv, envNodes } from './env-file.js';
import type { OverlayFile } from './overlay-file.js';
import { type YamlNode, yamlNodes } from './yaml-nodes.js';

/**
 * All values of a file of an overlay: of YAML and JSON, or of `KEY=value` lines. A template (`{{ }}`) that is no YAML
 * before it is rendered has none. A file whose name has no ending may be one of these, or one value.
 *
 * @throws InvalidYaml with file and line where it is not valid YAML, and no template
 */
export function fileNodes(text: string, file: string): YamlNode[] {
  switch (syntaxOf(text, file)) {
    case 'variables':
      return envNodes(text);
    case 'whole':
      return [wholeNode(text) ?? []].flat();
    case 'yaml':
      return nodesOfYaml(text, file);
  }
}

function nodesOfYaml(text: string, file: string): YamlNode[] {
  try {
    return yamlNodes(text, file);
  } catch (error) {
    const mayBeOther = isBareFile(file) || isTemplated(text);
    if (error instanceof InvalidYaml && mayBeOther && !isKustomization(file)) {
      return [];
    }
    throw error;
  }
}

/** The values of a file of an overlay in those documents of it that count. @throws InvalidYaml as `fileNodes` does */
export function overlayNodes({ path, text, documents }: OverlayFile): YamlNode[] {
  const nodes = fileNodes(text, path);
  return documents === undefined ? nodes : nodes.filter(({ document }) => documents.includes(document));
}

/**
 * Changes values of a file of an overlay and nothing else.
 *
 * @throws Error as `editYaml`, `editEnv` and `editWhole` do
 */
export function editFile(text: string, edits: readonly Edit[], file: string): string {
  const edit = { variables: editEnv, whole: editWhole, yaml: editYaml }[syntaxOf(text, file)];
  return edit(text, edits, file);
}

function syntaxOf(text: string, file: string): 'yaml' | 'variables' | 'whole' {
  if (!isVariables(file)) {
    return 'yaml';
  }
  if (!isBareFile(file) || envNodes(text).length > 1) {
    return 'variables';
  }
  return wholeNode(text) === undefined ? 'yaml' : 'whole';
}

/** Whether a file is a template that is no YAML, so that nothing in it is read. */
export function isUnreadTemplate(text: string, file: string): boolean {
  if (isVariables(file) || isKustomization(file) || !isTemplated(text)) {
    return false;
  }
  try {
    yamlNodes(text, file);
    return false;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return true;
    }
    throw error;
  }
}

/** Whether a file has lines `KEY=value`, by its name. */
function isVariables(file: string): boolean {
  return !isManifestPath(file) && !isKustomization(file);
}

function isTemplated(text: string): boolean {
  return text.includes('{{');
}
