import { afterEach, expect, test } from '@jest/globals';
import { findLogin } from '../../src/images/find-login.js';
import { secretInput } from '../../src/runtime/inputs.js';
import { printedBy } from '../support/printed-by.js';

afterEach(() => {
  delete process.env.INPUT_TOKEN;
});

test('a secret input is masked', async () => {
  process.env.INPUT_TOKEN = 'ghs_not_to_be_seen';
  const read = await printedBy(() => secretInput('token'));
  expect(read).toEqual({ printed: '::add-mask::ghs_not_to_be_seen\n', value: 'ghs_not_to_be_seen' });
});

test('an empty secret input masks nothing, for nothing could be read then', async () => {
  process.env.INPUT_TOKEN = '';
  expect(await printedBy(() => secretInput('token'))).toEqual({ printed: '', value: undefined });
});

test("a registry's login is masked as it is sent", async () => {
  const login = { username: 'ada', password: 'right', token: '' };
  const { printed } = await printedBy(() => findLogin('registry.example', login));
  expect(printed).toBe(`::add-mask::${Buffer.from('ada:right').toString('base64')}\n`);
});
