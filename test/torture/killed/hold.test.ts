import { interrupt } from '../interrupt.js';
import { directHold, mergedHold } from '../verbs/hold.js';

interrupt(directHold, mergedHold);
