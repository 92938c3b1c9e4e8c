/** GitHub's logins differ in more than capitals. */
export function isAmong(login: string, logins: readonly string[]): boolean {
  return logins.some((other) => other.toLowerCase() === login.toLowerCase());
}
