/** Durations as people write them: 500ms, 15s, 3m, 1h, 7d. */
import { z } from 'zod';
import { quoted } from './problem.ts';
import { refuse } from './schema.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s?(ms|s|m|h|d)$/.exec(text.trim());
  const unit = units[match?.[2] ?? ''];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : undefined;
}

/** A field that holds a duration between two others; its value is in milliseconds. */
export function duration(limits: { readonly min: string; readonly max: string }) {
  const min = parseDuration(limits.min) ?? 0;
  const max = parseDuration(limits.max) ?? Number.MAX_SAFE_INTEGER;
  return z.union([z.string(), z.number()], { error: () => undefined }).transform((written, context) => {
    const ms = parseDuration(String(written));
    if (ms === undefined) {
      const bare = /^\d+(\.\d+)?$/.test(String(written).trim());
      return refuse(context, {
        code: 'bad-duration',
        text: { zh: `${quoted(written)} 不是时长`, en: `${quoted(written)} is not a duration` },
        hint: bare
          ? { zh: `请写上单位，例如 ${written}s（秒）`, en: `write the unit too, such as ${written}s for seconds` }
          : { zh: '请写数字加单位：500ms、15s、3m、1h', en: 'write a number and a unit: 500ms, 15s, 3m or 1h' },
      });
    }
    if (ms < min || ms > max) {
      return refuse(context, { code: 'out-of-range', text: { zh: `${quoted(written)} 超出范围`, en: `${quoted(written)} is out of range` }, hint: { zh: `请写 ${limits.min} 到 ${limits.max} 之间的时长`, en: `write a duration from ${limits.min} to ${limits.max}` } });
    }
    return ms;
  });
}
