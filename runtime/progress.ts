// Tells a person what set-up is doing: one live line on a terminal, plain lines elsewhere.

import type { Lang } from './environment.ts';

export type Text = Readonly<Record<Lang, string>>;

export type Progress = {
  /** A step begins. */
  step(text: Text): void;
  /** How far the step is, 0 to 1. */
  fraction(done: number): void;
  /** The step ended well. */
  done(): void;
  warn(text: Text): void;
};

export const silent: Progress = { step: () => {}, fraction: () => {}, done: () => {}, warn: () => {} };

export function progressOn(stream: NodeJS.WriteStream, lang: Lang): Progress {
  return stream.isTTY ? liveLine(stream, lang) : plainLines(stream, lang);
}

function plainLines(stream: NodeJS.WritableStream, lang: Lang): Progress {
  let quartersShown = 0;
  return {
    step(text) {
      quartersShown = 0;
      stream.write(`${text[lang]}…\n`);
    },
    fraction(done) {
      // A log wants a few lines, not hundreds: one at each quarter.
      const quarters = Math.floor(done * 4);
      if (quarters > quartersShown && quarters < 4) stream.write(`  ${quarters * 25} %\n`);
      quartersShown = Math.max(quartersShown, quarters);
    },
    done: () => {},
    warn: (text) => void stream.write(`! ${text[lang]}\n`),
  };
}

function liveLine(stream: NodeJS.WriteStream, lang: Lang): Progress {
  let current = '';
  let startedAt = 0;
  const draw = (tail: string): void => void stream.write(`\r\x1b[K${current} ${tail}`);
  return {
    step(text) {
      if (current) stream.write('\n');
      current = text[lang];
      startedAt = performance.now();
      draw('…');
    },
    fraction(done) {
      const filled = Math.round(Math.min(1, Math.max(0, done)) * 24);
      draw(`[${'█'.repeat(filled)}${'·'.repeat(24 - filled)}] ${Math.round(done * 100)} %`);
    },
    done() {
      draw(`✓ ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
      current = '';
    },
    warn(text) {
      stream.write(`\r\x1b[K! ${text[lang]}\n`);
      if (current) draw('…');
    },
  };
}
