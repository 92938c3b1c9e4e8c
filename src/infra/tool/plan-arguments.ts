/** Arguments that plan another thing than what the configuration says, or a part of it. */
const OF_A_PART =
  /^--?(?:(?:target|target-file|exclude|exclude-file|replace|invoke)(?:=|$)|refresh=(?!(?:1|t|true)$))/i;

/** Arguments that we give ourselves, or that would make something else of a plan. */
const OURS =
  /^--?(?:out|json|json-into|input|lock|lock-timeout|detailed-exitcode|no-color|destroy|refresh-only|state|var-file|chdir|generate-config-out|show-sensitive|concise)(?:=|$)/;

/**
 * Checks further arguments of `plan`.
 *
 * @param allowsPart whether a plan of a part is wanted, which everybody is told then
 * @returns the arguments
 * @throws Error naming one that is refused, and why
 */
export function planArguments(args: readonly string[], allowsPart: boolean): string[] {
  for (const arg of args) {
    if (!arg.startsWith('-')) {
      throw new Error(
        `Input "arguments" has "${arg.replace(/=.*/s, '=…')}", expected arguments that begin with "-", each on a line, its value behind "=".`,
      );
    }
    if (OURS.test(arg)) {
      throw new Error(
        `Input "arguments" has "${arg.replace(/=.*/s, '')}", which the action decides itself. Files of values are named in ostack.yaml: roots.<root>.var-files.`,
      );
    }
    if (!allowsPart && OF_A_PART.test(arg)) {
      throw new Error(
        `Input "arguments" has "${arg.replace(/=.*/s, '')}": the plan would be of a part, and does not show that it is. Say "partial: true" where that is meant; the pull request is told.`,
      );
    }
  }
  return [...args];
}

/** Whether an argument makes it a plan of a part. */
export function isOfAPart(arg: string): boolean {
  return OF_A_PART.test(arg);
}
