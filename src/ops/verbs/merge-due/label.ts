/** The label of what is to be merged as soon as the policy allows it. It asks for a merge, and permits none. */
export const MERGE_WHEN_ALLOWED = 'ostack/merge-when-allowed';
