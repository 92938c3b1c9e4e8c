import { GATE_CHECK } from '../policy/gate-check.js';

export { GATE_CHECK };

/** The check run of one environment, for people. */
export function checkName(environment: string): string {
  return `${GATE_CHECK} / ${environment}`;
}
