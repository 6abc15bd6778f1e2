export { FakeClock } from '../../../plugin-api/testing/fake-clock.js';
