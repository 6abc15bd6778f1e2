import { defineResourceWatcher } from '../generator/define-resource-watcher.js';
import { podMonitor } from './pod-monitor.js';

/** Jobs of the PodMonitors in the cluster. */
export const podMonitorWatcher = defineResourceWatcher('pod-monitor', podMonitor);
