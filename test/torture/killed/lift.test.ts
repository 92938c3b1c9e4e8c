import { interrupt } from '../interrupt.js';
import { lift } from '../verbs/processes.js';

interrupt(lift);
