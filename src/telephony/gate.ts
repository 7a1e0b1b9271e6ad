/**
 * Holds what the switch says while we compare with it: `switch-seen` comes first, then what is newer. While there is
 * no connection nothing passes; the next comparison will tell.
 */
export class Gate {
  #held: (() => void)[] | undefined;
  #closed = true;
  overflowed = false;

  pass(what: () => void): void {
    if (this.#held === undefined) {
      if (!this.#closed) what();
      return;
    }
    // Too many to keep: this look is worth nothing and the next one covers them.
    if (this.#held.length >= heldMax) this.overflowed = true;
    else this.#held.push(what);
  }

  hold(): void {
    this.#held = [];
    this.overflowed = false;
  }

  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#closed = false;
    for (const what of held) what();
  }

  drop(): void {
    this.#held = undefined;
    this.#closed = true;
  }
}

const heldMax = 100_000;
