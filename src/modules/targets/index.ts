export { TargetPipeline } from './target-pipeline.js';
export { TargetsModule } from './targets.module.js';
