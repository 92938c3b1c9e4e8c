import { interrupt } from '../interrupt.js';
import { onboard } from '../verbs/processes.js';

interrupt(onboard);
