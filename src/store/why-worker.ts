/** A thread of whys.ts: one question about the past, with a connection of its own, and the end. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { assert } from '../base/assert.ts';
import { readKept } from '../config/load.ts';
import { configurations } from './configurations.ts';
import { isPassing, openDatabase } from './database.ts';
import { history } from './history.ts';
import { openPast } from './past.ts';
import { makeSeal } from './seal.ts';
import type { WhyAnswer, WhyTask } from './why-question.ts';
import { whyAgent, whyContact } from './why.ts';

// On Linux that is this thread alone: calls are decided in another, and come first.
setPriority(0, constants.priority.PRIORITY_LOW);
// whys.ts gives nothing else.
const { databaseUrl, storeKey, centre, present, question } = workerData as WhyTask;

const db = openDatabase(databaseUrl, { log: pino({ level: 'silent' }), maxConnections: 3, statementTimeoutMs: 30_000 });
try {
  const config = readKept(present.version, present.files);
  assert(config.ok, 'the configuration that holds can be read');
  const of = { centre, seal: makeSeal(storeKey) };
  const past = openPast(history(db, of), configurations(db, of), config.config);
  const { contact, agent, at } = question;
  answer({ ok: true, why: agent === undefined ? await whyContact(past, contact, at) : await whyAgent(past, contact, agent) });
} catch (error) {
  answer({ ok: false, passing: isPassing(error), error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  await db.destroy();
}

function answer(given: WhyAnswer): void {
  parentPort?.postMessage(given);
}
