/** The {@link Replica} of this process; `undefined` when every replica decides for itself. */
export const REPLICA = Symbol('Replica');
/** The keyed placement of targets that nobody decides about; `undefined` when every replica decides for itself. */
export const REPLICA_PLACEMENT = Symbol('ReplicaPlacement');
/** The {@link LeaseStore}; `undefined` where there can be no Lease. */
export const LEASE_STORE = Symbol('LeaseStore');
/** What a pod is told of itself: {@link ReplicaSurroundings}. */
export const SURROUNDINGS = Symbol('ReplicaSurroundings');
/** The {@link ServedState} as this process alone would serve it. */
export const OWN_STATE = Symbol('OwnState');
