/** What an operator must mend before trying again can help. The message says which setting. */
export class AsteriskError extends Error {
  readonly code: 'port-in-use' | 'cannot-listen' | 'ari-password' | 'ami-password' | 'asterisk-version';

  constructor(code: AsteriskError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AsteriskError';
    this.code = code;
  }
}
