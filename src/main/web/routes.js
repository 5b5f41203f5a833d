// Where one can go on this page: the part of the address behind the #, so that a link is a link.

/** `to('wait', 3)` is `#wait=3`. */
export function to(kind, ...parts) {
  return `#${kind}=${parts.map((part) => encodeURIComponent(part)).join(',')}`;
}

/** What the address asks for, or null. */
export function here() {
  const match = /^#([a-z]+)=(.*)$/.exec(location.hash);
  try {
    return match && { kind: match[1], parts: match[2].split(',').map(decodeURIComponent) };
  } catch {
    return null;
  }
}
