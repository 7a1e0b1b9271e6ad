/** A flow as the interpreter reads it. */
export interface Flow {
  readonly name: string;
  readonly start: string;
  readonly nodes: ReadonlyMap<string, unknown>;
}
