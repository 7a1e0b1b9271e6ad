// Netstrings ("5:hello,"), the framing of baresip's control port.

export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}

/** Takes chunks as they come and answers the texts that are complete. */
export function netstringReader(): (chunk: Buffer) => string[] {
  let waiting = Buffer.alloc(0);
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    const texts: string[] = [];
    for (;;) {
      const colon = waiting.indexOf(':');
      if (colon < 0) return texts;
      const length = Number(waiting.toString('latin1', 0, colon));
      if (!Number.isInteger(length) || length < 0) throw new Error('not a netstring');
      const end = colon + 1 + length;
      if (waiting.length < end + 1) return texts;
      texts.push(waiting.toString('utf8', colon + 1, end));
      waiting = waiting.subarray(end + 1);
    }
  };
}
