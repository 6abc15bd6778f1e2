import type { AllocatorConfig } from './allocator-config.js';
import { sameValue } from './same-value.js';

/** Settings that are used once, when the process starts, under the names that users know them by. */
const startSettings = {
  listenAddr: 'listen_addr',
  kubeConfigFilePath: 'kube_config_file_path',
  https: 'https',
  kubernetes: 'kubernetes',
  plugins: 'plugins',
} as const satisfies Partial<Record<keyof AllocatorConfig, string>>;

/** The new configuration with what is fixed for the life of the process, and which new values that leaves out. */
export function keepStartSettings(
  config: AllocatorConfig,
  former: AllocatorConfig,
): { readonly config: AllocatorConfig; readonly needRestart: readonly string[] } {
  const { listenAddr, kubeConfigFilePath, https, kubernetes, plugins } = former;
  const kept = { listenAddr, kubeConfigFilePath, https, kubernetes, plugins };
  const needRestart = Object.entries(startSettings)
    .filter(([name]) => !sameValue(Reflect.get(config, name), Reflect.get(kept, name)))
    .map(([, shownName]) => shownName);
  return { config: { ...config, ...kept }, needRestart };
}
