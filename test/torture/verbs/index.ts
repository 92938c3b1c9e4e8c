import type { Verb } from '../verb.js';
import { bumpOpsOverlay } from './bump-ops-overlay.js';
import { promotion } from './promote.js';
import { tagRelease } from './tag-release.js';

/** Every verb that writes. */
export const verbs: readonly Verb[] = [bumpOpsOverlay, promotion, tagRelease];
