import type { Decision } from '../plan/decision.js';
import type { PreviewDetails } from './details.js';
import type { PreviewStatus } from './status.js';

/** One preview after a reconciliation, with what people are shown of it. */
export interface PreviewResult {
  decision: Decision;
  details: PreviewDetails;
  status: PreviewStatus;
}
