import { interrupt } from '../interrupt.js';
import { branchPromotion, promotion } from '../verbs/promote.js';

interrupt(promotion, branchPromotion);
