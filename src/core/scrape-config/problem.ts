export type { Problem } from '../document/problem.js';
