import { interrupt } from '../interrupt.js';
import { promotion } from '../verbs/promote.js';

interrupt(promotion);
