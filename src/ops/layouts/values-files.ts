/** Names of files of Helm values that environments have beside each other. */
const PATTERNS = [
  'values-{environment}.yaml',
  'values-{environment}.yml',
  'values.{environment}.yaml',
  '{environment}-values.yaml',
  '{environment}.values.yaml',
];

/** Files of one pattern, with what stands in the place of the environment. */
export interface ValuesFiles {
  pattern: string;
  names: string[];
  /** Whether the pattern says that all of them are values of environments, and not of parts of an app. */
  isCertain: boolean;
}

/** The files of Helm values among those of a folder, one entry for each pattern that there is. */
export function valuesFiles(files: readonly string[]): ValuesFiles[] {
  return PATTERNS.map((pattern) => {
    const [before = '', after = ''] = pattern.split('{environment}');
    const names = files
      .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
      .map((name) => name.slice(before.length, name.length - after.length));
    return { pattern, names, isCertain: before !== '' };
  }).filter(({ names }) => names.length > 0);
}
