/** What strangers put where a value is expected, and how it is found again in what was sent to Asterisk. */

/** Each holds the mark once, so that it is found whatever became of the rest. */
export const mark = 'EV1L';

export const hostile: readonly string[] = [
  `${mark}\r\nAction: Command\r\nCommand: core show channels`,
  `${mark}\nX: y`, `${mark}\r`, `${mark}\0`, `${mark}\u2028x`, `${mark}\u001b[2J`,
  `\${SHELL(touch /tmp/${mark})}`, `$[${mark}]`, `\${${mark}}`,
  `1001&PJSIP/${mark}`, `1001,${mark}`, `1001|${mark}`, `1001@${mark}.example`, `1001/sip:${mark}@evil.example`,
  `..%2f..%2f${mark}`, `%2e%2e%2f${mark}`, `../${mark}`, `..\\${mark}`, `a/../${mark}`, `${mark}/..`, `${mark}%0d%0aX:y`, `${mark}?api_key=x`, `${mark}#x`, `${mark};x`,
  `/etc/${mark}`, `http://evil.example/${mark}.wav`, `sound:http://evil.example/${mark}`, `recording:${mark}`, `file:///etc/${mark}`, `tone:${mark}`, `number:${mark}`,
  `${mark},sound:x`, `${mark}"`, `${mark}'`, `<${mark}>`, `"x" <sip:${mark}@evil.example>`, ` ${mark}`, `${mark} `, '', `${'x'.repeat(5_000)}${mark}`, `工号${mark}`, `${mark}\ud800`,
];

/** A mark in capitals, for places where letters are let through: without the rest of its text it means nothing there. */
export const carries = (text: string): boolean => text.includes(mark) || text.includes(encodeURIComponent(mark));
