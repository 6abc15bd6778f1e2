/** The version of this program, a string. */
export const APP_VERSION = Symbol('AppVersion');
