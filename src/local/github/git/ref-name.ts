/**
 * Whether git would take this as a full ref name.
 * Rules: https://git-scm.com/docs/git-check-ref-format
 */
export function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids exactly these
  const forbidden = /\.\.|@\{|\/\/|[\x00-\x20\x7f~^:?*[\\]|\.$|\/$/;
  return (
    name.startsWith('refs/') &&
    !forbidden.test(name) &&
    name.split('/').length > 2 &&
    name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}
