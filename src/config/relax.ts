/** Steps in which needs widen while a caller waits: `relax: [{ after: 30s, needs: billing >= 1 }]`. */
import { z } from 'zod';
import type { Widening } from './centre-config.ts';
import { duration } from './duration.ts';
import { readNeeds } from './needs.ts';
import type { Finding, Path } from './problem.ts';
import { isRecord, line, parse, strict } from './schema.ts';

const stepsMax = 20;
/** The shape alone; what it says is read by `readRelax`. */
export const relaxShape = z.array(strict({ after: duration({ min: '1s', max: '24h' }), needs: line })).min(1).max(stepsMax);

export interface ReadRelax {
  readonly steps: readonly Widening[];
  readonly findings: readonly Finding[];
}

/** `endsMs`: after so long nobody waits there any more. */
export function readRelax(raw: unknown, skills: ReadonlySet<string>, path: Path, endsMs = Number.POSITIVE_INFINITY): ReadRelax {
  const steps: Widening[] = [];
  const findings: Finding[] = [];
  let last = 0;
  for (const [index, entry] of (Array.isArray(raw) ? raw.slice(0, stepsMax) : []).entries()) {
    const at = [...path, index];
    if (!isRecord(entry)) continue;
    const read = typeof entry['needs'] === 'string' ? readNeeds(entry['needs'], skills, [...at, 'needs']) : undefined;
    findings.push(...(read?.findings ?? []));
    const afterMs = parse(relaxShape.element.shape.after, entry['after'], []).value;
    if (afterMs === undefined) continue;
    if (afterMs <= last) findings.push({ path: [...at, 'after'], ...notLater });
    else if (afterMs >= endsMs) findings.push({ path: [...at, 'after'], ...neverReached });
    last = Math.max(last, afterMs);
    if (read?.rule !== undefined) steps.push({ afterMs, needs: read.rule });
  }
  return { steps, findings };
}

const notLater = {
  code: 'not-later',
  text: { zh: '此步不比上一步晚，永远不会单独生效', en: 'this step does not come after the one before it' },
  hint: { zh: '请按时间从早到晚写，每步更晚', en: 'write the steps in order of time, each later than the last' },
};
export const neverReached = {
  code: 'never-reached',
  text: { zh: '来电在此之前已溢出到其他队列，此步永远不会生效', en: 'this is never reached: before it, callers overflow to another queue' },
  hint: { zh: '请早于 overflow.after', en: 'make it earlier than overflow.after' },
};
