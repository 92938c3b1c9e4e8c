import { interrupt } from '../interrupt.js';
import { automaticRollback, verify, watch } from '../verbs/watch.js';

interrupt(watch, verify, automaticRollback);
