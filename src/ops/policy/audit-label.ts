/** The label of the issues of the audit, by which people and the status find them. */
export const AUDIT_LABEL = 'ostack-audit';
