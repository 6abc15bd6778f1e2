/** A plugin package that cannot be made. */
export class NewPluginError extends Error {
  constructor(
    readonly code: 'TA_NEW_PLUGIN_NAME' | 'TA_NEW_PLUGIN_FOLDER' | 'TA_NEW_PLUGIN_TEMPLATES',
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
    this.name = 'NewPluginError';
  }
}
