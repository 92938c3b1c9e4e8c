/**
 * Whether a rule of the repository refused it: branch or tag protection, or a ruleset. GitHub's API often says no more than
 * "Reference update failed", and says so again however often it is asked.
 *
 * @see https://github.com/actions/github-script/issues/455
 */
export function isRule(message: string): boolean {
  return /protected|rule violation|ruleset|required status check|approving review|through a pull request|through the merge queue|cannot (create|update) ref|reference update failed/i.test(
    message,
  );
}
