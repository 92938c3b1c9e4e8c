/** Classes of SQLSTATE whose messages name objects and settings, never rows. */
const NAMING_OBJECTS = new Set(['0A', '28', '3D', '3F', '42', '53', '54', '55', '57', '58', 'F0', 'XX']);
const MOST = 10;

/**
 * What went wrong in a restore, without a row of the database: a message may have values in it where the error is about data,
 * and is left out then.
 *
 * @param said what `pg_restore` said
 * @param server what the server said: lines with the code before the message
 * @returns lines, at least one
 */
export function restoreErrors(said: string, server: string): string[] {
  const errors = server
    .split('\n')
    .map((line) => /^([0-9A-Z]{5}) (?:ERROR|FATAL|PANIC):\s*(.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ code: match[1] ?? '', message: match[2] ?? '' }]))
    .map(({ code, message }) =>
      NAMING_OBJECTS.has(code.slice(0, 2))
        ? `${code}: ${message}`
        : `${code}: an error in the data (its text is left out)`,
    );
  const lines = [...new Set(errors)];
  if (lines.length > 0) {
    return [...lines.slice(0, MOST), ...(lines.length > MOST ? [`and ${lines.length - MOST} more`] : [])];
  }
  // The server had nothing against it: the file itself is not what it should be.
  return said
    .split('\n')
    .filter((line) => line.startsWith('pg_restore: error:') && !line.includes('ERROR:'))
    .slice(0, MOST);
}
