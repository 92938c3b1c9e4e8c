import type { PreviewRecord } from '../../../preview-records/record.js';

/**
 * When a preview expires that is opened or requested now.
 *
 * @param ttlMs `previews.ttl` of the policy, in milliseconds
 * @param keptUntil until when somebody asked to keep it, ISO 8601
 * @returns ISO 8601
 */
export function expiryAfter(now: Date, ttlMs: number, keptUntil?: string): string {
  const expiresAt = new Date(now.getTime() + ttlMs).toISOString();
  return keptUntil === undefined ? expiresAt : laterOf(expiresAt, keptUntil);
}

/** The later of two times, both ISO 8601. */
export function laterOf(one: string, other: string): string {
  return Date.parse(one) >= Date.parse(other) ? one : other;
}

/** Whether a preview has expired: at that time or later. */
export function isExpired({ expiresAt }: Pick<PreviewRecord, 'expiresAt'>, now: Date): boolean {
  return Date.parse(expiresAt) <= now.getTime();
}

/**
 * Whether a request that changes nothing else extends a preview's time: when less than half of it is left. So a pull
 * request that runs its workflow again and again does not make a commit in ops each time.
 *
 * @param ttlMs `previews.ttl` of the policy, in milliseconds
 */
export function needsRenewal({ expiresAt }: Pick<PreviewRecord, 'expiresAt'>, now: Date, ttlMs: number): boolean {
  return Date.parse(expiresAt) - now.getTime() < ttlMs / 2;
}
