import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { OpenRepository } from '../../../repository/open-repository.js';
import type { Sharing } from '../../../repository/workspaces.js';
import type { TreeItem } from '../../../tree/tree-commit.js';
import type { SplitChange } from '../branch/deployed-change.js';
import type { PreviewsState } from '../branch/read-state.js';
import type { ReconcilePlan } from '../plan/plan.js';
import type { ReconcileRequest } from '../plan/request.js';

/** What is planned, and what it was planned on. */
export interface Planned {
  open: OpenRepository;
  /** What was requested. */
  requested: Omit<ReconcileRequest, 'now'>;
  /** Records of previews as the branch has them. */
  records: readonly PreviewRecord[];
  state: PreviewsState;
  previews: PreviewPolicy;
  sharing: Sharing;
  plan: ReconcilePlan;
  change: SplitChange;
  /** The tree `previews/`; `undefined` where it stays as it is. */
  items: readonly TreeItem[] | undefined;
  /** Whether the branch of previews gets a commit. */
  writes: boolean;
}
