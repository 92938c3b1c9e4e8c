import { interrupt } from '../interrupt.js';
import { mergeDue } from '../verbs/merge-due.js';

interrupt(mergeDue);
