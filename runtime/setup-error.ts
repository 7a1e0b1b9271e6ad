// A set-up or start that failed for a reason a person can act on. The text says what to do.

import type { Text } from './progress.ts';

export class SetupError extends Error {
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.name = 'SetupError';
    this.text = text;
  }
}
