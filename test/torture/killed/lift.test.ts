import { interrupt } from '../interrupt.js';
import { lift } from '../verbs/single-proposals.js';

interrupt(lift);
