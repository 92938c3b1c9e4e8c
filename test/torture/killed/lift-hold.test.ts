import { interrupt } from '../interrupt.js';
import { directLiftHold, mergedLiftHold } from '../verbs/lift-hold.js';

interrupt(directLiftHold, mergedLiftHold);
