/** The process' {@link Logger}; modules make a child with their own name. */
export const LOGGER = Symbol('Logger');
/** The {@link Meter} of the allocator's own metrics. */
export const METER = Symbol('Meter');
/** The {@link Clock}. */
export const CLOCK = Symbol('Clock');
