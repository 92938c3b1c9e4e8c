/** A message for people about invalid YAML: the parser's own, except for its internal errors. */
export function yamlProblem(message: string): string {
  return /call stack/i.test(message) ? 'it is nested too deeply' : message;
}
