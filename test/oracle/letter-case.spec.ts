import { expect, it } from 'vitest';
import { toLowerLikeGo, toUpperLikeGo } from '../../src/core/relabel/letter-case.js';
import { describeWithOracle } from './oracle.js';

interface Changes {
  readonly changes: readonly {
    readonly rune: number;
    readonly lower: string;
    readonly upper: string;
  }[];
}

describeWithOracle('upper and lower case are those of Go', (oracle) => {
  it('for every rune', async () => {
    const [answer] = await oracle().ask<Changes>('case', [{ from: 0, to: 0x110000 }]);
    const changed = new Map(answer?.changes.map((change) => [change.rune, change]));
    expect(changed.size).toBeGreaterThan(2500);
    const differing: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const text = String.fromCodePoint(code);
      const { lower, upper } = changed.get(code) ?? { lower: text, upper: text };
      // The neighbours keep the text off the way for pure ASCII.
      if (toLowerLikeGo(`é${text}é`) !== `é${lower}é` || toLowerLikeGo(text) !== lower) {
        differing.push(`lower U+${code.toString(16)}`);
      }
      if (toUpperLikeGo(`É${text}É`) !== `É${upper}É` || toUpperLikeGo(text) !== upper) {
        differing.push(`upper U+${code.toString(16)}`);
      }
    }
    expect(differing).toEqual([]);
  });
});
