/** Freezes plain data all the way down; its maps refuse to be written too. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const [key, entry] of value) {
      freeze(key);
      freeze(entry);
    }
    Object.defineProperties(value, { set: { value: refuse }, delete: { value: refuse }, clear: { value: refuse } });
  } else {
    for (const entry of Object.values(value)) freeze(entry);
  }
  return Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('the configuration cannot be changed; load a new one');
}
