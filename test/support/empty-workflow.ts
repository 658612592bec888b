/** For tests that need a worker to poll and nothing else. */
export async function emptyWorkflow(): Promise<void> {}
