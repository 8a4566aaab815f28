/** Limits, on the floor: nothing is counted. */
export async function countTry() {}
