const labelPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const token = /==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+/g;
const operators = ['in', 'notin', '=', '==', '!=', '<', '>'];

/**
 * Why a text is no label selector for the Kubernetes API; `undefined` when it is one.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function labelSelectorProblem(selector: string): string | undefined {
  const tokens = selector.match(token) ?? [];
  if (tokens.length === 0) return undefined;
  const reader = new SelectorReader(tokens);
  do {
    const problem = reader.requirement();
    if (problem !== undefined) return problem;
  } while (reader.take(','));
  return reader.isAtEnd ? undefined : `expected a comma before ${JSON.stringify(reader.peek())}`;
}

/**
 * Why a text is no field selector; `undefined` when it is one.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
export function fieldSelectorProblem(selector: string): string | undefined {
  for (const term of splitTerms(selector)) {
    if (term === '') continue;
    const operator = /!=|==|=/.exec(term);
    if (operator === null) return `no operator (=, ==, !=) in ${JSON.stringify(term)}`;
    const value = term.slice(operator.index + operator[0].length);
    if (!/^(?:\\[\\,=]|[^\\,=])*$/.test(value))
      return `unescaped character in ${JSON.stringify(value)}`;
  }
  return undefined;
}

/** Terms are parted by commas that no backslash precedes. */
function splitTerms(selector: string): readonly string[] {
  const terms = [''];
  for (const piece of selector.match(/\\[^]|[^]/gu) ?? []) {
    if (piece === ',') terms.push('');
    else terms.push(`${terms.pop() ?? ''}${piece}`);
  }
  return terms;
}

class SelectorReader {
  #at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get isAtEnd(): boolean {
    return this.#at >= this.tokens.length;
  }

  peek(): string {
    return this.tokens[this.#at] ?? '';
  }

  take(expected: string): boolean {
    if (this.peek() !== expected) return false;
    this.#at += 1;
    return true;
  }

  /** `key`, `!key`, `key = value`, `key in (a, b)` … */
  requirement(): string | undefined {
    const isNegated = this.take('!');
    const key = this.#takeWord();
    if (key === undefined) return 'expected a label name';
    if (!isLabelKey(key)) return `not a label name: ${JSON.stringify(key)}`;
    if (this.isAtEnd || this.peek() === ',') return undefined;
    const operator = this.peek();
    if (isNegated || !operators.includes(operator)) return `unexpected ${JSON.stringify(operator)}`;
    this.#at += 1;
    return operator.endsWith('in') ? this.#values() : this.#value(operator);
  }

  #value(operator: string): string | undefined {
    const value = this.isAtEnd || this.peek() === ',' ? '' : this.#takeWord();
    if (value === undefined) return `unexpected ${JSON.stringify(this.peek())}`;
    if (operator === '<' || operator === '>') {
      if (!isInt64(value)) return `not a whole number: ${JSON.stringify(value)}`;
    }
    return valueProblem(value);
  }

  /** `(a, b)`; elements may be empty. */
  #values(): string | undefined {
    if (!this.take('(')) return 'expected "("';
    while (!this.take(')')) {
      const value = this.#takeWord();
      const problem = value === undefined ? undefined : valueProblem(value);
      if (problem !== undefined) return problem;
      if (!this.take(',') && (value === undefined || this.peek() !== ')')) return 'expected ")"';
    }
    return undefined;
  }

  #takeWord(): string | undefined {
    const word = this.peek();
    if (word === '' || /^[=!(),<>]/.test(word)) return undefined;
    this.#at += 1;
    return word;
  }
}

function valueProblem(value: string): string | undefined {
  return value === '' || labelPart.test(value)
    ? undefined
    : `not a label value: ${JSON.stringify(value)}`;
}

function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  if (parts.length > 1 || !labelPart.test(name)) return false;
  const [prefix] = parts;
  return prefix === undefined || (prefix.length <= 253 && dnsSubdomain.test(prefix));
}

function isInt64(text: string): boolean {
  if (!/^[-+]?[0-9]+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}
