import { checkAuthorizationType } from './authorization.js';
import { checkActions, checkRelabelings } from './check-relabelings.js';
import { Rejections } from './rejections.js';
import { SpecValue } from './spec-value.js';
import { checkTls } from './tls.js';

/**
 * Checks the scrape classes of a configuration, with the field names of the custom resource (camelCase).
 *
 * @param path What stands before the index of a class in problems: `prometheus_cr.scrape_classes`.
 * @returns What is wrong, one sentence each with the path of the field; empty when all is well.
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/prometheus/promcfg.go, `getScrapeClassConfig`
 */
export function checkScrapeClasses(
  scrapeClasses: readonly unknown[],
  path = 'scrapeClasses',
): readonly string[] {
  const problems = new Rejections();
  const names = new Set<string>();
  let defaultName: string | undefined;
  for (const at of SpecValue.root(scrapeClasses, path, problems).items()) {
    const name = at.field('name').text() ?? '';
    if (name === '') at.field('name').reject('a scrape class needs a name');
    if (names.has(name)) at.field('name').reject(`there are two scrape classes ${name}`);
    names.add(name);
    if (at.field('default').bool() === true) {
      if (defaultName !== undefined) {
        at.field('default').reject(`${defaultName} is the default already; there can be one`);
      }
      defaultName = name;
    }
    checkClass(at);
  }
  return problems.reasons;
}

function checkClass(at: SpecValue): void {
  for (const list of [at.field('relabelings'), at.field('metricRelabelings')]) {
    checkRelabelings(list);
    checkActions(list);
  }
  checkTls(at.field('tlsConfig'), true);
  const authorization = at.field('authorization');
  checkAuthorizationType(authorization);
  const hasFile = (authorization.field('credentialsFile').text() ?? '') !== '';
  if (hasFile && authorization.field('credentials').isPresent) {
    authorization.field('credentialsFile').reject('excludes credentials; keep one of them');
  }
  at.field('attachMetadata').field('node').bool();
  at.field('fallbackScrapeProtocol').text();
}
