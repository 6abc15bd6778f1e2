/**
 * How many repetitions (`?`, `*`, `+`, `{n,m}`) an expression has when counted ones are written out: `(a?b*){3}` has 9.
 * Matching takes time in proportion to the length of the text and to how many places of the expression can be reached at
 * once, and that is what repetitions make many of; a long list of words has none. Expressions that the engine refuses have
 * any weight.
 */
export function repetitionWeight(expression: string): number {
  const scan = new WeightScan(expression);
  for (let at = 0; at < expression.length; at = scan.step(at));
  return scan.weight;
}

class WeightScan {
  /** The sums outside of the groups that are open. */
  readonly #outer: number[] = [];
  #sum = 0;
  /** Of the last character, class or group, to which a repetition applies. */
  #last = 0;

  constructor(private readonly expression: string) {}

  get weight(): number {
    return this.#outer.reduce((former, weight) => former + weight, this.#sum);
  }

  /** Takes what stands at a place. @returns The place after it. */
  step(at: number): number {
    switch (this.expression[at]) {
      case '\\':
        return this.#atom(endOfEscape(this.expression, at));
      case '[':
        return this.#atom(endOfClass(this.expression, at));
      case '(':
        this.#outer.push(this.#sum);
        this.#sum = 0;
        // `(?i)`, `(?:`, `(?P<name>`: the mark repeats nothing.
        return this.#afterMark(at);
      case ')':
        this.#last = this.#sum;
        this.#sum += this.#outer.pop() ?? 0;
        return at + 1;
      case '?':
      case '*':
      case '+':
        this.#sum += 1;
        this.#last += 1;
        // A second mark only says that the repetition is lazy.
        return this.#afterMark(at);
      case '{':
        return this.#counted(at);
      default:
        return this.#atom(at);
    }
  }

  #atom(end: number): number {
    this.#last = 0;
    return end + 1;
  }

  #afterMark(at: number): number {
    return at + (this.expression[at + 1] === '?' ? 2 : 1);
  }

  #counted(at: number): number {
    const counted = countOf(this.expression, at);
    if (counted === undefined) return this.#atom(at);
    const weight = (this.#last + 1) * counted.times;
    this.#sum += weight - this.#last;
    this.#last = weight;
    return counted.end + 1;
  }
}

function endOfEscape(expression: string, at: number): number {
  if (expression[at + 1] === 'Q') {
    const end = expression.indexOf('\\E', at + 2);
    return end === -1 ? expression.length : end + 1;
  }
  return at + 1;
}

/** The `]` that ends a class; one right after its beginning is a character of it. */
function endOfClass(expression: string, begin: number): number {
  let at = begin + 1;
  if (expression[at] === '^') at++;
  if (expression[at] === ']') at++;
  for (; at < expression.length && expression[at] !== ']'; at++) {
    if (expression[at] === '\\') at++;
    else if (expression.startsWith('[:', at)) {
      const end = expression.indexOf(':]', at + 2);
      if (end !== -1) at = end + 1;
    }
  }
  return at;
}

/** `{n}`, `{n,}` or `{n,m}`; anything else in braces is text. */
function countOf(
  expression: string,
  at: number,
): { readonly times: number; readonly end: number } | undefined {
  const match = /^\{(\d{1,4})(?:,(\d{0,4}))?\}/.exec(expression.slice(at, at + 11));
  if (match === null) return undefined;
  const [text, least, most = least] = match;
  return { times: Math.max(Number(least), Number(most), 1), end: at + text.length - 1 };
}
