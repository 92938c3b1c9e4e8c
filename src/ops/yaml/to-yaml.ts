import { stringify } from 'yaml';

/**
 * Writes a file of ours: the same value gives the same bytes. Texts are quoted where YAML 1.2, or YAML 1.1 as
 * Kubernetes' tools read it, would take them for something else.
 *
 * @param comment what the file is, for whoever finds it; one line
 */
export function toYaml(value: unknown, comment?: string): string {
  const text = stringify(value, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
  return comment === undefined ? text : `# ${comment.replace(/\s+/g, ' ')}\n${text}`;
}
