import * as v from 'valibot';
import { parseRepository } from '../../github/context.js';
import { imageSchema } from '../../images/image.js';
import { choiceInput, integerInput, jsonInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs of `record-preview`. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = textInput('ops-repository');
  const number = integerInput('number', 0);
  return {
    token: secretInput('token') ?? requiredInput('token', 'Pass a token that may read the ops repository.'),
    githubToken: secretInput('github-token'),
    opsRepository: ops === undefined ? undefined : parseRepository(ops, 'Input "ops-repository"'),
    images: jsonInput('images', v.array(imageSchema)) ?? [],
    affected: jsonInput('affected', v.array(v.string())) ?? [],
    subject: choiceInput('for', ['pull-request', 'run'], 'pull-request'),
    number: number === 0 ? undefined : number,
    head: textInput('head-sha'),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
