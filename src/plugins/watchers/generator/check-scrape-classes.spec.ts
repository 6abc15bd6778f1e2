import { describe, expect, it } from 'vitest';
import { checkScrapeClasses } from './check-scrape-classes.js';

describe('the check of scrape classes', () => {
  it('finds nothing wrong with what the operator takes', () => {
    const relabelings = [
      { sourceLabels: ['a'], targetLabel: 'b' },
      { action: 'HashMod', targetLabel: 'b', modulus: 2 },
      { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b', separator: ';' },
      { action: 'LabelMap', regex: 'a(.*)' },
    ];
    const tlsConfig = { caFile: '/ca' };
    const authorization = { credentialsFile: '/token' };
    expect(
      checkScrapeClasses([
        { name: 'a', default: true, relabelings, metricRelabelings: relabelings },
        { name: 'b', default: false, tlsConfig, authorization },
      ]),
    ).toEqual([]);
  });

  it('wants a name of its own for each, and one default at most', () => {
    expect(
      checkScrapeClasses(
        [{ name: 'a', default: true }, { name: 'a' }, { name: 'b', default: true }, {}],
        'prometheus_cr.scrape_classes',
      ),
    ).toEqual([
      'prometheus_cr.scrape_classes[1].name: there are two scrape classes a',
      'prometheus_cr.scrape_classes[2].default: a is the default already; there can be one',
      'prometheus_cr.scrape_classes[3].name: a scrape class needs a name',
    ]);
  });

  it.each([
    [{ tlsConfig: { certFile: '/c' } }, 'tlsConfig: has a client certificate without its key'],
    [{ authorization: { type: 'basic' } }, 'authorization.type: must not be "basic"'],
    [
      { authorization: { credentials: {}, credentialsFile: '/c' } },
      'credentialsFile: excludes credentials',
    ],
    [{ relabelings: [{ action: 'x' }] }, 'relabelings[0].action: there is no such action'],
    [{ relabelings: [{}] }, 'relabelings[0]: the action replace needs target_label'],
    [{ relabelings: [{ action: 'keep', regex: '(' }] }, 'relabelings[0]: regex "(": missing'],
    [{ relabelings: [{ action: 'labeldrop', separator: ',' }] }, 'takes no separator'],
    [{ relabelings: [{ action: 'lowercase', targetLabel: 'a', replacement: 'x' }] }, 'takes no'],
    [{ relabelings: [{ action: 'labelmap', replacement: '' }] }, 'needs a replacement'],
    [{ relabelings: {} }, 'relabelings: must be a list'],
    [{ fallbackScrapeProtocol: 1 }, 'fallbackScrapeProtocol: must be a text'],
  ])('finds %j', (scrapeClass, problem) => {
    expect(checkScrapeClasses([{ name: 'a', ...scrapeClass }])).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('takes a class that is none for one without a name', () => {
    expect(checkScrapeClasses(['a', null]).length).toBeGreaterThan(1);
  });
});
