/** The check run by which the ops App remembers that a commit was audited. Its name never changes. */
export const AUDIT_CHECK = 'oStack / audit';
