import { OPS_FILES, type OpsStage, opsStage } from '../bump-ops-overlay/support.js';

export const HOLDS = `- environment: staging
  app: my-app
  version: 1.3.0
  since: "2026-11-01T12:00:00Z"
  by: bob
  reason: Checkout fails
- environment: staging
  app: other
  version: 7.0.0
  since: "2026-11-01T12:00:00Z"
  by: bob
  reason: Too slow
`;

/** An ops repository where two apps of staging are held. */
export function heldStage(): Promise<OpsStage> {
  return opsStage({ ...OPS_FILES, '.ostack/holds.yaml': HOLDS });
}
