import type { LogConfig } from './allocator-config.js';

/** What flags set explicitly; each wins over the environment and the file. `undefined`: the flag was not given. */
export interface ConfigOverrides {
  readonly listenAddr?: string | undefined;
  readonly kubeConfigFilePath?: string | undefined;
  readonly prometheusCrEnabled?: boolean | undefined;
  readonly httpsEnabled?: boolean | undefined;
  readonly httpsListenAddr?: string | undefined;
  readonly httpsCaFilePath?: string | undefined;
  readonly httpsTlsCertFilePath?: string | undefined;
  readonly httpsTlsKeyFilePath?: string | undefined;
  readonly allowInsecureAuthSecrets?: boolean | undefined;
  readonly startupTimeoutMs?: number | undefined;
  readonly shutdownDelayMs?: number | undefined;
  readonly stateDir?: string | undefined;
  readonly stateMaxAgeMs?: number | undefined;
  readonly leaderElect?: boolean | undefined;
  readonly leaseName?: string | undefined;
  readonly profileDir?: string | undefined;
  /** Plugins by the names of their packages. */
  readonly plugins?: readonly string[] | undefined;
}

/** What decides how a configuration is read, beside the file itself. */
export interface ConfigSources {
  readonly configFile: string;
  readonly overrides: ConfigOverrides;
  readonly log: LogConfig;
  /** Folders with plugin packages in them. */
  readonly pluginDirectories?: readonly string[];
  /** Unknown keys are errors instead of warnings. */
  readonly isStrict: boolean;
  readonly env: Environment;
  /** Where `~` is; the kubeconfig is looked for below it. */
  readonly homeDirectory: string;
}

/** The environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;
