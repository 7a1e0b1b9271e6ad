/** Names as our files want them: small letters, digits, - and _, and none twice. */
export function namer(): (written: string) => string {
  const taken = new Set<string>();
  return (written) => {
    const plain = written.toLowerCase().replace(/[^a-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 56);
    const base = /^[a-z]/.test(plain) ? plain : `q${plain}`;
    let name = base;
    for (let next = 2; taken.has(name); next += 1) name = `${base}-${next}`;
    taken.add(name);
    return name;
  };
}
