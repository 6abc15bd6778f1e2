import { definePlugin } from '../../plugin-api/index.js';
import { podMonitorWatcher } from './pod-monitor/pod-monitor-watcher.js';
import { probeWatcher } from './probe/probe-watcher.js';
import { scrapeConfigWatcher } from './scrape-config/scrape-config-watcher.js';
import { serviceMonitorWatcher } from './service-monitor/service-monitor-watcher.js';

export { podMonitor } from './pod-monitor/pod-monitor.js';
export { probe } from './probe/probe.js';
export { serviceMonitor } from './service-monitor/service-monitor.js';

/** The kinds of custom resources that come with the allocator. */
export const watchersPlugin = definePlugin({
  name: 'target-allocator/watchers',
  provides: [serviceMonitorWatcher, podMonitorWatcher, probeWatcher, scrapeConfigWatcher],
});
