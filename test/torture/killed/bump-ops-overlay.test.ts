import { interrupt } from '../interrupt.js';
import { firstBump, nextBump, waitingBump } from '../verbs/bump-ops-overlay.js';

interrupt(firstBump, nextBump, waitingBump);
