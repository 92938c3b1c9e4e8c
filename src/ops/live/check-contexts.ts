import type { CheckKind } from '../policy/health.js';

/** The contexts of what Ops watch checks itself begin so; no cluster reports in them. */
const START = 'ostack/';

/** The context in which a check of an app in an environment is kept. */
export function checkContext(kind: CheckKind, environment: string, app: string): string {
  return `${START}${kind}/${environment}/${app}`.toLowerCase();
}

/** Whether a context is one of ours, and says nothing of a cluster. */
export function isCheckContext(context: string): boolean {
  return context.toLowerCase().startsWith(START);
}
