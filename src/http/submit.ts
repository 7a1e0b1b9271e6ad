/** A command that came over HTTP: nothing when it is done, the refusal with its words when it is not. */
import type { Command } from '../acd/commands.ts';
import type { Cti } from '../cti/cti.ts';
import { refusalTexts } from '../cti/refusals.ts';
import { Problem } from './problem.ts';

/** Rejects with 404 where the command names what is not there, else with 409 and the refusal. */
export async function submit({ desk }: Pick<Cti, 'desk'>, command: Command): Promise<void> {
  const outcome = await desk.submit(command);
  if (outcome.ok) return;
  const { code } = outcome.refusal;
  throw new Problem(code === 'unknown-queue' || code === 'unknown-contact' ? 'not-found' : 'refused', undefined, { refusal: { code, text: refusalTexts[code] } });
}
