/** What is wrong with a text that is no YAML, for people: the parser's own words, but where it gave up within itself. */
export function yamlProblem(message: string): string {
  return /call stack/i.test(message) ? 'it is nested too deeply' : message;
}
