import { interrupt } from '../interrupt.js';
import { watch } from '../verbs/watch.js';

interrupt(watch);
