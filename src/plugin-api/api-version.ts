/**
 * The version of this contract, by itself: `major.minor`. A plugin names in its manifest the version that it was written
 * for; it is loaded when the major version is this one and the minor version is not newer.
 */
export const pluginApiVersion = '1.0';
