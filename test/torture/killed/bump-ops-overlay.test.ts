import { interrupt } from '../interrupt.js';
import { firstBump, nextBump } from '../verbs/bump-ops-overlay.js';

interrupt(firstBump, nextBump);
