import { stringify } from 'yaml';

/**
 * Writes a YAML file that the actions generate. The same value always gives the same bytes. A text is quoted where YAML
 * 1.2, or YAML 1.1 as Kubernetes tools read it, would not read it as a text.
 *
 * @param comment one line on top of the file that says what it is
 */
export function toYaml(value: unknown, comment?: string): string {
  const text = stringify(value, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
  return comment === undefined ? text : `# ${comment.replace(/\s+/g, ' ')}\n${text}`;
}
