const others = /[^a-zA-Z0-9_]+/g;

/** A Kubernetes label's name as part of a Prometheus label's name. */
export function sanitizeLabelName(name: string): string {
  return name.replace(others, (run) => '_'.repeat(charactersIn(run)));
}

/** Go counts a character outside of the basic plane once. */
function charactersIn(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) if ((text.codePointAt(at) ?? 0) > 0xffff) pairs += 1;
  return text.length - pairs;
}
