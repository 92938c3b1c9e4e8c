import { interrupt } from '../interrupt.js';
import { override } from '../verbs/processes.js';

interrupt(override);
