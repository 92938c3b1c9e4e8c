/** Path of the policy in an ops repository. */
export const POLICY_PATH = 'ostack.yaml';
