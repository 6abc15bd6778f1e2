import { join } from 'node:path';

export const casesFolder = join(import.meta.dirname, 'cases');
export const customResourceDefinitionsFolder = join(import.meta.dirname, 'crds');
/** Throw-away certificates and keys, valid until 2126, that protect nothing. */
export const certificatesFolder = join(import.meta.dirname, 'certs');
export const deviationsFile = join(import.meta.dirname, 'deviations.yaml');
