import { interrupt } from '../interrupt.js';
import { plan } from '../verbs/infra.js';

interrupt(plan);
