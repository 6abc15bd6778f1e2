export { type StaleAnswer, StaleAnswers, type StaleParts } from './stale-answers.js';
export { WarmStartModule } from './warm-start.module.js';
