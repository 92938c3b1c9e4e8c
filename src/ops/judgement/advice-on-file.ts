import type { Problem } from '../tree/problem.js';
import type { Reach } from './reach.js';

/** A problem of a file that nothing leads to, with what to say of the file where no cluster reads it: `hack/x.sh`. */
export function withAdviceOnFile(problem: Problem, { unled }: Reach): Problem {
  const { file, message } = problem;
  if (unled?.has(file) !== true) {
    return problem;
  }
  const name = JSON.stringify(file);
  const advice = `Where no cluster reads the file, write "free: [${name}]" into ostack.yaml, or, where some do, "paths: { ${name}: [<environments>] }", in a pull request of its own.`;
  return { ...problem, message: `${message} ${advice}` };
}
