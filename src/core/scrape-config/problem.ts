export { describeProblem, hasErrors, type Problem } from '../document/problem.js';
