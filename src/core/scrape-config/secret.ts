export { Secret } from '../document/secret.js';
