import { defineResourceWatcher } from '../generator/define-resource-watcher.js';
import { probe } from './probe.js';

/** Jobs of the Probes in the cluster. */
export const probeWatcher = defineResourceWatcher('probe', probe);
