import { interrupt } from '../interrupt.js';
import { drift } from '../verbs/infra.js';

interrupt(drift);
