import { interrupt } from '../interrupt.js';
import { onboard } from '../verbs/single-proposals.js';

interrupt(onboard);
