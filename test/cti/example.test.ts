import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import { patientMs } from '../support/patient.ts';
import { openHouse, password, type House } from './house.ts';

let house: House;
afterEach(() => house.stop());

test('the worked example of docs/cti.md works', async () => {
  house = await openHouse();
  const document = await readFile(join(import.meta.dirname, '../../docs/cti.md'), 'utf8');
  const code = /```js\n(.*?)```/s.exec(document)?.[1] ?? expect.fail('no example');
  const file = join(house.recordingsDir, 'desktop.mjs');
  await writeFile(file, code);
  const desktop = spawn(process.execPath, [file, house.url, '1001', password], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  desktop.stdout.on('data', (text) => (said += String(text)));
  const presence = () => house.engine.centre.agents.get(agentId('1001'))?.presence.status;
  const within = { timeout: patientMs };

  await expect.poll(presence, within).toBe('ready');
  const contact = await house.call();
  await expect.poll(() => house.orders.some(({ type }) => type === 'answer-phone'), within).toBe(true);
  for (const client of house.server.websocketServer.clients) client.terminate();
  await house.answer(contact);
  await house.hangUp(contact);
  await expect.poll(presence, within).toBe('ready');
  // The desktop hears of it a moment after the engine.
  await expect.poll(() => said.split('\n').filter(Boolean), within).toEqual(['paused', 'ready', expect.stringMatching(/^13800001234 \(unknown\) for General, waited \d+ ms$/), 'offered', 'talking', 'wrap-up', 'wrap-up', 'ready']);
  desktop.kill();
  await once(desktop, 'exit');
});
