import { defineResourceWatcher } from '../generator/define-resource-watcher.js';
import { serviceMonitor } from './service-monitor.js';

/** Jobs of the ServiceMonitors in the cluster. */
export const serviceMonitorWatcher = defineResourceWatcher('service-monitor', serviceMonitor);
