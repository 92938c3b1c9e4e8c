import { interrupt } from '../interrupt.js';
import { tagRelease } from '../verbs/tag-release.js';

interrupt(tagRelease);
