import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import {
  choiceInput,
  durationInput,
  integerInput,
  jsonInput,
  listInput,
  namesInput,
  textInput,
} from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is malformed */
export function readInputs() {
  return {
    apps: namesInput('apps'),
    maxParallel: integerInput('max-parallel', availableParallelism(), 1),
    retries: integerInput('retries', 0),
    timeoutMs: durationInput('timeout', '30m'),
    junit: patternsInput(),
    zeroTests: choiceInput('zero-tests', ['warning', 'error'], 'warning'),
    urls: jsonInput('urls', v.record(v.string(), v.string())) ?? {},
    url: textInput('url'),
    workingDirectory: textInput('working-directory') ?? '.',
  };
}

export type Inputs = ReturnType<typeof readInputs>;

function patternsInput(): string[] {
  const patterns = listInput('junit');
  const outside = patterns.find((pattern) => pattern.startsWith('/') || pattern.split('/').includes('..'));
  if (outside !== undefined) {
    throw new Error(`Input "junit" has "${outside}", expected globs relative to the folder of the app, and inside it.`);
  }
  return patterns.length === 0 ? ['**/junit*.xml', '**/TEST-*.xml'] : patterns;
}
